"""A guest's whole conversation, with as much of it in the cloud as there are fakes of."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from pipecat.observers.base_observer import BaseObserver
from pydantic import SecretStr

from kiosk.bartender.sentences import Sentences
from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.events import Event, Intent, PayTouched, ServiceChanged
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import Record, state_of
from kiosk.security.scanner import Scanner
from kiosk.settings import Settings, find_assets
from kiosk.state.schema import PaidTab
from kiosk.state.sessions import load
from kiosk.voice import language_model
from kiosk.voice.clock import ConversationClock
from kiosk.voice.failover import FIRST_PROBE_SECS
from kiosk.voice.floor import Floor
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.recording import GuestTurn, RecordingTransport, WrittenLine, read_turns
from kiosk.voice.services import stages_of
from tests.fakes import cartesia, gemini
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini

NEVER_SECS = 1e6
MENU = Menu.load(find_assets() / "menu.toml")
ENGLISH, GERMAN = Sentences.load(find_assets()), Sentences.load(find_assets(), "de")
BeforeTurn = Callable[[int], Awaitable[None]]
WRITTEN = [
    WrittenLine(line)
    for line in (
        "two old fashioneds on the rocks and a dirty martini please",
        "fifteen percent tip",
        "what's on my tab",
    )
]
ORDERED = [("Old Fashioned", 2, ["on the rocks"]), ("Martini", 1, ["dirty"])]


def spoken(*names: str) -> list[GuestTurn]:
    """Recordings of the demo's guest."""
    return [turn for name in names for turn in read_turns(find_assets() / "demo" / f"{name}.wav")]


# Where all turns are written, nobody speaks to it: one serves all such evenings. It takes as long to load as they do.
unused_recognizer = functools.cache(Recognizer)


class Gemini:
    """The real one, at its own address."""

    url = None


class Evening:
    """One guest.

    Parameters:
        before_turn: called with its number before each turn of the guest's, and once after the last.
        key: of both clouds; the fakes' own by default.
        realtime: at the recordings' own pace.
        watch: told of everything that happens.
        scanner: looks at what is said; by default the rules alone.
        traced: whether pipecat makes spans of it.
        observers: see every frame, beside the log.
        fallback_model: Gemini's second model; by default there is none.
        second_request_secs: after how long Gemini is asked once more; by default never, however slow the machine.
        probe_secs: how long after a failure the cloud is asked for the first time.
        language: of the guest, as "de".

    Attributes:
        all_back: set while every stage that was ever lost is in the cloud again.
    """

    def __init__(
        self,
        cache_dir: Path,
        turns: Sequence[GuestTurn] = WRITTEN,
        *,
        brain: FakeGemini | Gemini | None = None,
        speech: FakeCartesia | None = None,
        before_turn: BeforeTurn | None = None,
        key: str | None = None,
        realtime: bool = False,
        watch: Callable[[Event], None] | None = None,
        scanner: Scanner | None = None,
        observers: Sequence[BaseObserver] = (),
        traced: bool = False,
        menu: Menu = MENU,
        fallback_model: str | None = None,
        second_request_secs: float = NEVER_SECS,
        probe_secs: float = FIRST_PROBE_SECS,
        language: str = "en",
    ) -> None:
        self._watch = watch
        self.all_back = asyncio.Event()
        self.record = Record(clock=ConversationClock())
        self.floor = Floor()
        self.tools = BarTools("visit", {}, menu, SimulatedPayments(0.0), self.record.publish)
        cloud = {}
        if brain:
            cloud |= {"gemini_api_key": SecretStr(key or gemini.KEY), "gemini_base_url": brain.url}
            cloud |= {"gemini_fallback_model": fallback_model or Settings().gemini_model}
            cloud |= {"gemini_second_request_secs": second_request_secs}
        if speech:
            cloud |= {"cartesia_api_key": SecretStr(key or cartesia.KEY), "cartesia_url": speech.url}
        numbers = iter(range(len(turns) + 1))

        async def maya_is_done() -> None:
            await self.floor.wait_until_free()
            if before_turn:
                await before_turn(next(numbers))

        self.transport = RecordingTransport(turns, self.floor, self.record.clock, realtime, maya_is_done)
        settings = Settings.model_validate({"cache_dir": cache_dir, "language": language, **cloud})
        is_quiet = speech is None and all(isinstance(turn, WrittenLine) for turn in turns)
        recognizer = unused_recognizer(language_model.build(menu, cache_dir)) if is_quiet else None
        stages = stages_of(settings, menu, self.publish, recognizer)
        for stage in stages.cloud:
            stage.first_probe_secs = probe_secs
        self.ears: Any = stages.stt
        self.conversation = Conversation(
            self.transport,
            self.tools,
            stages,
            self.publish,
            self.record.clock,
            self.floor,
            watch=False,
            observers=[self.record.log, *observers],
            scanner=scanner,
            traced=traced,
            language=language,
        )

    def publish(self, event: Event) -> None:
        self.record.publish(event)
        if self._watch:
            self._watch(event)
        if isinstance(event, ServiceChanged):
            cloudy = {change.stage for change in self.services() if change.where == "cloud"}
            if all(self.moves(stage)[-1] == "cloud" for stage in cloudy):
                self.all_back.set()
            else:
                self.all_back.clear()

    async def hold(
        self, *, pay: bool = False, settle: bool = False, then: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        """Converse; `then` happens at the end, `pay` touches the button, `settle` sees the payment arrive."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.conversation.hold())
            await self.transport.input().play()
            if then:
                await then()
            if pay:
                await self.touch(PayTouched())
            if settle:
                await self.conversation.settle_payment()
                await self.floor.wait_until_free()
            await self.conversation.end()

    async def touch(self, intent: Intent) -> None:
        """Touch a button, and hear Maya out."""
        await self.conversation.touched(intent)
        await self.floor.wait_until_free()

    def paid(self) -> tuple[PaidTab, ...]:
        """What was paid, payment by payment."""
        return load(self.tools.session_id, self.tools.store, must_exist=True).history

    def order(self) -> list[tuple[str, int, list[str]]]:
        return [(line["item"], line["quantity"], line["modifiers"]) for line in state_of(self.tools)["order"]]

    def heard(self) -> list[str]:
        """What was understood of each turn of the guest's."""
        return [turn.heard for turn in self.record.log.turns if turn.heard]

    def said(self) -> list[str]:
        """What was heard of Maya, from her greeting on."""
        return [" ".join(turn.said) for turn in self.record.log.turns]

    def moves(self, stage: str) -> list[str]:
        """Where `stage` was, one after the other; news of it that leave it where it is are no move."""
        return [where for where, _ in groupby(event.where for event in self.services() if event.stage == stage)]

    def services(self) -> list[ServiceChanged]:
        return [event for _, event in self.record.events if isinstance(event, ServiceChanged)]
