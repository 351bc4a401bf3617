"""`replay` and `demo`: a recorded guest through the real pipeline, and all that came of it in a folder."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation, new_session_id
from kiosk.errors import OperatorError
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.results import Record, state_of, write
from kiosk.settings import Settings
from kiosk.state.sessions import AnyStore
from kiosk.state.store import open_store
from kiosk.voice.floor import Floor
from kiosk.voice.recording import GuestTurn, RecordingTransport, read_turns
from kiosk.voice.services import house_stages
from kiosk.voice_thread import VoiceThread


class OutputError(OperatorError):
    """The output folder cannot be written."""


@dataclass(frozen=True)
class Replay:
    """What to play and what to leave.

    Parameters:
        inputs: sound files, a turn each, and scripts, a turn a line.
        out: the folder for the results.
        size: of the display, pixels.
        screens: whether to leave a picture at each change.
        realtime: at the recording's own pace.
        pay: the simulated guest pays a link when it is shown.
        store_url: where the tab is kept; None: a new store in `out`.
    """

    inputs: list[Path]
    out: Path
    size: tuple[int, int] = (1920, 1080)
    screens: bool = False
    realtime: bool = False
    pay: bool = False
    store_url: str | None = None


def replay(settings: Settings, wanted: Replay) -> None:
    """Play the guest and write what came of it to `wanted.out`.

    Raises:
        OperatorError: an input, the menu, the store or the folder cannot be used; nothing is written.
    """
    turns = [turn for path in wanted.inputs for turn in read_turns(path)]
    menu = Menu.load(settings.menu)
    with open_store(wanted.store_url or _fresh_store(wanted.out)) as store:
        record = play(turns, menu, store, settings.cache_dir, realtime=wanted.realtime, pay=wanted.pay)
    write(record, wanted.out, wanted.size, screens=wanted.screens)


def play(
    turns: Sequence[GuestTurn],
    menu: Menu,
    store: AnyStore,
    cache_dir: Path,
    *,
    realtime: bool = False,
    pay: bool = False,
) -> Record:
    """Hold the conversation of a guest who says `turns`, and return what came of it."""
    record = Record()
    payments = SimulatedPayments(pays_after_secs=0 if pay else None)
    tools = BarTools(new_session_id(), store, menu, payments, record.publish)

    async def converse() -> None:
        floor = Floor()

        async def maya_is_done() -> None:
            await floor.wait_until_free()
            if pay:
                await conversation.settle_payment()
                await floor.wait_until_free()

        transport = RecordingTransport(turns, floor, record.clock, realtime, maya_is_done)
        stages = house_stages(menu, cache_dir)
        conversation = Conversation(
            transport,
            tools,
            stages,
            record.publish,
            record.clock,
            floor,
            half_duplex=False,
            watch=False,
            observers=[record.log],
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(conversation.hold())
            await transport.input().play()
            await conversation.end()
        record.voice, record.voice_rate = bytes(transport.output().pcm), stages.voice_rate

    voice = VoiceThread(converse)
    voice.start()
    voice.join()
    record.state = state_of(tools)
    return record


def _fresh_store(out: Path) -> str:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for old in out.glob("kiosk.db*"):
            old.unlink()
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from None
    return f"sqlite:///{out / 'kiosk.db'}"
