"""llm-guard in a process of its own: it takes seconds to load, half a gigabyte, and may hang or die alone.

The kiosk and that process exchange lines of JSON; see `guard_worker`.
"""

import contextlib
import importlib.util
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from loguru import logger

from kiosk.security.guard_lines import MOST_CHARS, Answer, GarbledError, Ready, Scores, Unusable, read
from kiosk.settings import Settings

INJECTION_SCORE, TOXICITY_SCORE, INVISIBLE_SCORE = "PromptInjection", "Toxicity", "InvisibleText"

# A process that has not answered for so long hangs, and is restarted.
HUNG_SECS = 10.0
# It loads for ten seconds on two free cores; on busy ones, or from a slow card, for minutes, and nobody waits for it.
LOADING_SECS = 600.0
RESTART_SECS = (1.0, 5.0, 30.0)
# With so many unanswered texts another would only be late, too.
MOST_PENDING = 4
# The models read 256 tokens. So many texts of this length, escaped, fit into a pipe, so that asking never waits for it.
MOST_ASKED = 1300


class GuardState(StrEnum):
    """How llm-guard is.

    BROKEN: its process did what it must not, and is restarted after a pause; or its models cannot be loaded, and that
    is final. CLOSED: the kiosk has ended it. In every state but READY talk passes, by the rules alone.
    """

    LOADING = "loading"
    READY = "ready"
    BROKEN = "broken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Model:
    """A model of llm-guard's: a folder, or an id at Hugging Face, "owner/name" or "owner/name@revision"."""

    id: str

    def folder(self, models_dir: Path) -> Path:
        """Where it is on this machine, or would be."""
        path = Path(self.id)
        return path if path.is_dir() else models_dir / self.id.partition("@")[0].replace("/", "--")

    def is_here(self, models_dir: Path) -> bool:
        """Whether it can be loaded without a network."""
        return (self.folder(models_dir) / "config.json").is_file()


class Guard:
    """Asks llm-guard; every question has an answer, though it may be none.

    Parameters:
        command: starts the process.
        hung_secs: after how long without an answer the process is restarted.
        restart_secs: the pauses before it is restarted; the last one counts for all others.
    """

    def __init__(
        self, command: Sequence[str], *, hung_secs: float = HUNG_SECS, restart_secs: Sequence[float] = RESTART_SECS
    ) -> None:
        self._command = list(command)
        self._hung_secs = hung_secs
        self._restart_secs = restart_secs
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._state = GuardState.LOADING
        self._process: subprocess.Popen[str] | None = None
        self._pending: dict[int, tuple[Future[Scores], float]] = {}
        self._numbers = itertools.count()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="llm-guard", daemon=True)
        self.trouble: str | None = None

    @property
    def state(self) -> GuardState:
        """How it is now; `trouble` says why it is broken."""
        return self._state

    @property
    def process_id(self) -> int | None:
        """Of llm-guard's process, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Load it in the background."""
        self._thread.start()

    def wait_until(self, *states: GuardState, timeout_secs: float | None = None) -> bool:
        """Wait for one of `states`; returns whether it came."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state in states, timeout_secs)

    def ask(self, text: str) -> Future[Scores]:
        """Each scanner's score of `text`; none at all where they cannot be asked just now."""
        answer: Future[Scores] = Future()
        # Whoever gives up waiting must not take it from the thread that will answer.
        answer.set_running_or_notify_cancel()
        with self._lock:
            process = self._process
            if self._state is GuardState.READY and process and process.stdin and not self._hangs(process):
                number = next(self._numbers)
                self._pending[number] = (answer, time.monotonic())
                try:
                    process.stdin.write(json.dumps({"number": number, "text": text[:MOST_ASKED]}) + "\n")
                    process.stdin.flush()
                except OSError:
                    # It has died; whoever reads from it will find that out, too.
                    del self._pending[number]
                else:
                    return answer
        answer.set_result({})
        return answer

    def close(self) -> None:
        """End the process."""
        self._closing.set()
        with self._lock:
            if self._process:
                self._process.kill()
        if self._thread.ident:
            self._thread.join()

    def _hangs(self, process: "subprocess.Popen[str]") -> bool:
        if not self._pending:
            return False
        oldest = min(asked_at for _, asked_at in self._pending.values())
        if time.monotonic() - oldest > self._hung_secs:
            logger.error("llm-guard hangs and is restarted; the rules alone decide")
            process.kill()
            return True
        return len(self._pending) >= MOST_PENDING

    def _keep_running(self) -> None:
        for pause_secs in itertools.chain(self._restart_secs, itertools.repeat(self._restart_secs[-1])):
            state, trouble = GuardState.LOADING, None
            try:
                self._run_once()
            except _UnusableError as error:
                logger.error("llm-guard cannot be used: {}; the rules alone decide", error)
                self._enter(GuardState.BROKEN, str(error))
                return
            except (GarbledError, _DiedLoadingError, OSError) as error:
                state, trouble = GuardState.BROKEN, str(error)
            if self._closing.is_set():
                break
            logger.error("llm-guard is restarted: {}; the rules alone decide", trouble or "its process has ended")
            self._enter(state, trouble)
            if self._closing.wait(pause_secs):
                break
            self._enter(GuardState.LOADING)
        self._enter(GuardState.CLOSED)

    def _run_once(self) -> None:
        """Start the process and hear it until it ends.

        Raises:
            GarbledError, _UnusableError, _DiedLoadingError, OSError: it did not do what it is there for.
        """
        # Models are on this machine or not at all: nothing is fetched while guests wait.
        environment = os.environ | {
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        with self._lock:
            if self._closing.is_set():
                return
            process = self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        too_long = threading.Timer(LOADING_SECS, process.kill)
        too_long.start()
        try:
            self._hear(process, too_long)
        finally:
            too_long.cancel()
            process.kill()
            # Nobody may write to it any more; what could not be written is not missed.
            with self._lock:
                self._process = None
            with contextlib.suppress(OSError), process:
                pass
        if self._state is GuardState.LOADING:
            raise _DiedLoadingError(f"its process ended with status {process.returncode} while it was loading")

    def _hear(self, process: "subprocess.Popen[str]", too_long: threading.Timer) -> None:
        assert process.stdout
        while line := process.stdout.readline(MOST_CHARS):
            too_long.cancel()
            if line.endswith("\n"):
                self._take(read(line))
            elif len(line) == MOST_CHARS:
                raise GarbledError("its process says a line without an end")
            # Else it was killed in the middle of a line, and has ended.

    def _take(self, said: Ready | Unusable | Answer) -> None:
        match said:
            case Ready():
                self._enter(GuardState.READY)
                logger.info("llm-guard is ready")
            case Unusable(why):
                raise _UnusableError(why)
            case Answer(number, scores):
                with self._lock:
                    answer, _ = self._pending.pop(number, (None, 0.0))
                if answer is None:
                    raise GarbledError("its process answers what it was not asked")
                answer.set_result(scores)

    def _enter(self, state: GuardState, trouble: str | None = None) -> None:
        """Be in `state`; outside READY nothing is waited for."""
        with self._changed:
            self._state, self.trouble = state, trouble
            lost: dict[int, tuple[Future[Scores], float]] = {}
            if state is not GuardState.READY:
                lost, self._pending = self._pending, lost
            self._changed.notify_all()
        for answer, _ in lost.values():
            answer.set_result({})


class _UnusableError(Exception):
    """The process says itself that it can never work."""


class _DiedLoadingError(Exception):
    """The process has ended before it was of any use."""


def is_installed() -> bool:
    """Whether the extra `guard` is."""
    return importlib.util.find_spec("llm_guard") is not None


def models_of(settings: Settings) -> tuple[Model, Model]:
    """The model for injections and the one for toxicity."""
    return Model(settings.guard_injection_model), Model(settings.guard_toxicity_model)


def guard_of(settings: Settings) -> Guard | None:
    """llm-guard as `settings` have it, not yet started; None where it is not installed or its models are missing."""
    models_dir = settings.models_dir
    models = models_of(settings)
    if not settings.guard or not is_installed() or not all(model.is_here(models_dir) for model in models):
        return None
    folders = [str(model.folder(models_dir)) for model in models]
    return Guard([sys.executable, "-m", "kiosk.security.guard_worker", *folders])
