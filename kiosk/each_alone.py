"""`replay --each-alone`: many guests who say one thing each, and a line for each of what came of it.

Each has a visit, a pipeline and a context of his own, and a store in memory unless one is named for all. What takes
long to load is loaded once: the recogniser, and for guests who write the detectors, to which no sound comes then.

Guests who speak come one after another: the recogniser hears one at a time, and the latency of two at once would be
nobody's. Of those who write several are served at a time, since half of such a visit is spent waiting.
"""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from loguru import logger

from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.tools import BarTools
from kiosk.ending import cause_of, named
from kiosk.errors import OperatorError
from kiosk.files import written
from kiosk.menu import Menu
from kiosk.payments.provider import PaymentProvider
from kiosk.payments.stripe_mcp import payments_of
from kiosk.replay import Replay, Show, hold, ready, ready_ear, simulated
from kiosk.results import Record
from kiosk.settings import Settings
from kiosk.state.sessions import AnyStore
from kiosk.state.store import open_store
from kiosk.visits import new_session_id
from kiosk.voice import language_model
from kiosk.voice.pipeline import Detectors, Stages
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.recording import UNSEEN_PIECE_SECS, GuestTurn, WrittenLine, read_named_turns
from kiosk.voice.services import house_stages, written_stages

# More are not served any faster: this many keep a core busy.
AT_A_TIME = 4

RESULTS = "results.jsonl"

Result = dict[str, Any]
# What a guest says, with the name by which its result is found.
Named = tuple[str, GuestTurn]


def each_alone(settings: Settings, wanted: Replay) -> int:
    """Have each turn of the inputs said by a guest of its own, and write what came of it to "results.jsonl".

    A line is written as soon as its visit and all before it are over. Returns how many visits failed.

    Raises:
        OperatorError: an input, the menu, what is told of it, the store, the key for payments or the folder
            cannot be used, or something is wanted that only one visit leaves; nothing is written.
    """
    if wanted.resume or wanted.screens or wanted.size != Replay.size:
        raise OperatorError("--each-alone: visits are new and leave no pictures: not with --resume, --screens, --size")
    guests = [turn for path in wanted.inputs for turn in read_named_turns(path)]
    menu, knowledge = Menu.load(settings.menu), Knowledge.beside(settings.menu)
    currency = menu.bar.currency
    payments = payments_of(settings, currency, simulated(wanted.pay, currency))
    bar = Bar(settings, menu, knowledge, payments, Show(wanted.realtime, wanted.pay))
    out = ready(wanted.out) / RESULTS
    failed = 0
    with nullcontext() if wanted.store_url is None else open_store(wanted.store_url) as store:
        with written(out):
            lines = out.open("w", encoding="utf-8", errors="backslashreplace")

        def write(result: Result) -> None:
            nonlocal failed
            failed += "error" in result
            with written(out):
                print(json.dumps(result, ensure_ascii=False), file=lines, flush=True)

        with lines:
            asyncio.run(bar.serve(guests, (lambda: {}) if store is None else (lambda: store), write))
    return failed


@dataclass(frozen=True)
class Bar:
    """Where the guests are served.

    Parameters:
        payments: who makes all their payment links.
        show: how each of them is played.
    """

    settings: Settings
    menu: Menu
    knowledge: Knowledge | None
    payments: PaymentProvider
    show: Show

    async def serve(
        self, guests: Sequence[Named], store: Callable[[], AnyStore], write: Callable[[Result], None]
    ) -> None:
        """Serve all `guests`, and hand over their results in the guests' order.

        Parameters:
            store: opens the next visit's.
        """
        no_sound = Detectors()
        recognizer = None if all(map(_writes, guests)) else self._recognizer()
        open_ear = ready_ear(self.settings, self.menu, [turn for _, turn in guests])

        def stages_for(guest: Named) -> Stages:
            nonlocal recognizer
            if _writes(guest):
                return written_stages(self.menu, self.knowledge, no_sound)
            recognizer = recognizer or self._recognizer()
            recognizer.forget_room()
            return house_stages(
                self.menu, self.settings.cache_dir, self.knowledge, recognizer=recognizer, open_ear=open_ear
            )

        async def serve_one(guest: Named, limit: asyncio.Semaphore) -> Result:
            nonlocal recognizer
            async with limit:
                result = await self._visit(guest, store, stages_for(guest))
            if "error" in result:
                # It may still be decoding what nobody waits for, and bears no second voice at a time.
                recognizer = None
            return result

        try:
            for writing, group in itertools.groupby(guests, key=_writes):
                limit = asyncio.Semaphore(AT_A_TIME if writing else 1)
                async with asyncio.TaskGroup() as tasks:
                    for visit in [tasks.create_task(serve_one(guest, limit)) for guest in group]:
                        write(await visit)
        finally:
            await self.payments.close()

    def _recognizer(self) -> Recognizer:
        return Recognizer(language_model.build(self.menu, self.settings.cache_dir))

    async def _visit(self, guest: Named, store: Callable[[], AnyStore], stages: Stages) -> Result:
        name, turn = guest
        record = Record()
        show = replace(self.show, voice_piece_secs=UNSEEN_PIECE_SECS) if _writes(guest) else self.show
        try:
            tools = BarTools(new_session_id(self.settings.name), store(), self.menu, self.payments, record.publish)
            await hold([turn], tools, stages, show, record, record.publish)
        except Exception as error:
            # The guests before and after have nothing to do with it.
            logger.opt(exception=error).error("the visit of {} failed", name)
            return _failed(name, error)
        return _result(name, record)


def _writes(guest: Named) -> bool:
    return isinstance(guest[1], WrittenLine)


# What is taken from the state as it is.
_OF_STATE = ("order", "tab", "tip_percentage", "payment_status")


def _result(name: str, record: Record) -> Result:
    turns = record.log.turns[1:]
    return {
        "input": name,
        "heard": _words(turn.heard or "" for turn in turns),
        "said": _words(text for turn in turns for text in turn.said),
        **{key: record.state[key] for key in _OF_STATE},
        "blocked": next((turn.blocked for turn in turns if turn.blocked), None),
        "first_audio_out": record.log.latencies()[-1]["first_audio_out"],
    }


def _failed(name: str, error: Exception) -> Result:
    """Nothing is known of such a visit: null is no empty order."""
    unknown = dict.fromkeys(("heard", "said", *_OF_STATE, "blocked", "first_audio_out"))
    return {"input": name, **unknown, "error": named(cause_of(error))}


def _words(texts: Iterable[str]) -> str:
    return " ".join(text for text in texts if text)
