"""`replay` and `demo`: a recorded guest through the real pipeline, and all that came of it in a folder."""

import asyncio
import contextlib
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.display.window import Window, has_screen
from kiosk.errors import OperatorError
from kiosk.events import Event
from kiosk.files import written
from kiosk.menu import Menu
from kiosk.money import Currency
from kiosk.payments.provider import PaymentProvider
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import payments_of
from kiosk.results import Record, state_of, write
from kiosk.settings import Settings, find_assets
from kiosk.state.sessions import AnyStore
from kiosk.state.store import open_store
from kiosk.visits import interrupted, new_session_id
from kiosk.voice.floor import Floor
from kiosk.voice.pipeline import Stages
from kiosk.voice.recording import VOICE_PIECE_SECS, Aloud, GuestTurn, RecordingTransport, WrittenLine, read_turns
from kiosk.voice.services import house_stages
from kiosk.voice.sound_card import AHEAD_SECS
from kiosk.voice.sound_devices import SoundError, SpeakerStream, check_speaker, device
from kiosk.voice.stt.open_ear import OpenEar, open_ear_of
from kiosk.voice_thread import VoiceThread

# How long a replayed guest who pays is waited for, where the link is real, and how often it is asked.
PHONE_SECS = 120.0
PHONE_INTERVAL_SECS = 1.0

# As much as the smallest replay leaves.
_TRIAL_BYTES = 1_000_000


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
        resume: go on with the visit that was interrupted a short while ago.
    """

    inputs: list[Path]
    out: Path
    size: tuple[int, int] = (1920, 1080)
    screens: bool = False
    realtime: bool = False
    pay: bool = False
    store_url: str | None = None
    resume: bool = False


def replay(settings: Settings, wanted: Replay) -> None:
    """Play the guest and write what came of it to `wanted.out`.

    Raises:
        OperatorError: an input, the menu, what is told of it, the store, the key for payments or the folder
            cannot be used, or there is no visit to resume; nothing is written.
    """
    turns = [turn for path in wanted.inputs for turn in read_turns(path)]
    menu, knowledge = Menu.load(settings.menu), Knowledge.beside(settings.menu)
    out = ready(wanted.out)
    with open_store(wanted.store_url or _fresh_store(out)) as store:
        currency = menu.bar.currency
        session_id = _visit_to_resume(settings, store, currency) if wanted.resume else new_session_id(settings.name)
        payments = payments_of(settings, currency, simulated(wanted.pay, currency))
        show = Show(wanted.realtime, wanted.pay)
        record = play(
            turns,
            menu,
            store,
            settings.cache_dir,
            show,
            payments=payments,
            session_id=session_id,
            knowledge=knowledge,
            open_ear=ready_ear(settings, menu, turns),
        )
    write(record, out, wanted.size, screens=wanted.screens)


def demo(settings: Settings, out: Path, *, headless: bool) -> None:
    """A recorded guest orders, tips and pays: on the screen and aloud where there is one, else as fast as it goes.

    Raises:
        OperatorError: the folder cannot be written, or the recordings are missing.
    """
    turns = [turn for path in sorted((find_assets() / "demo").glob("*.wav")) for turn in read_turns(path)]
    menu = Menu.load(find_assets() / "menu.toml")
    open_ear = ready_ear(settings, menu, turns)
    with open_store(_fresh_store(ready(out))) as store:
        if headless or not has_screen():
            record = play(turns, menu, store, settings.cache_dir, Show(pay=True), open_ear=open_ear)
        else:
            record = _play_on_screen(turns, menu, store, settings, open_ear)
    write(record, out, (1920, 1080), screens=True)
    print(f"The demo's transcript, state, pictures and sound are in {out}")


@dataclass(frozen=True)
class Show:
    """How a recording is played.

    Parameters:
        realtime: at its own pace.
        pay: the simulated guest pays a link when it is shown.
        aloud: where the voices are heard, if anywhere.
        onlooker: told of each event as it happens, beside the record.
        meanwhile: runs on the calling thread until the event that it is given is set.
        voice_piece_secs: see `RecordingTransport`.
    """

    realtime: bool = False
    pay: bool = False
    aloud: Aloud | None = None
    onlooker: Callable[[Event], None] | None = None
    meanwhile: Callable[[threading.Event], None] | None = None
    voice_piece_secs: float = VOICE_PIECE_SECS


def play(
    turns: Sequence[GuestTurn],
    menu: Menu,
    store: AnyStore,
    cache_dir: Path,
    show: Show,
    *,
    payments: PaymentProvider | None = None,
    session_id: str | None = None,
    knowledge: Knowledge | None = None,
    open_ear: OpenEar | None = None,
) -> Record:
    """Hold the conversation of a guest who says `turns`, and return what came of it.

    Parameters:
        payments: who makes payment links; None: they are simulated.
        session_id: of the visit; None: a new one.
        knowledge: what Maya can tell of drinks and bar.
        open_ear: Whisper; None: PocketSphinx hears alone.
    """
    record, ended = Record(), threading.Event()

    def publish(event: Event) -> None:
        record.publish(event)
        if show.onlooker:
            show.onlooker(event)

    provider = payments or simulated(show.pay, menu.bar.currency)
    tools = BarTools(session_id or new_session_id("visit"), store, menu, provider, publish)

    async def converse() -> None:
        await hold(turns, tools, house_stages(menu, cache_dir, knowledge, open_ear=open_ear), show, record, publish)
        await provider.close()

    voice = VoiceThread(converse, on_end=ended.set)
    voice.start()
    if show.meanwhile:
        show.meanwhile(ended)
    voice.join()
    return record


async def hold(
    turns: Sequence[GuestTurn],
    tools: BarTools,
    stages: Stages,
    show: Show,
    record: Record,
    publish: Callable[[Event], None],
) -> None:
    """Hold the visit of a guest who says `turns` on the running event loop, and note what came of it in `record`.

    Parameters:
        tools: the visit's.
        publish: told of each event.
    """
    floor = Floor()

    async def maya_is_done() -> None:
        await floor.wait_until_free()
        if show.pay:
            await _until_paid(conversation, tools)
            await floor.wait_until_free()

    transport = RecordingTransport(
        turns, floor, record.clock, show.realtime, maya_is_done, show.aloud, show.voice_piece_secs
    )
    conversation = Conversation(
        transport,
        tools,
        stages,
        publish,
        record.clock,
        floor,
        watch=False,
        observers=[record.log],
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(conversation.hold())
        await transport.input().play()
        await conversation.end()
    record.voice, record.voice_rate = bytes(transport.output().pcm), stages.voice_rate
    record.state = await asyncio.to_thread(state_of, tools)


async def _until_paid(conversation: Conversation, tools: BarTools) -> None:
    """The simulated guest pays at once; with a real link, wait for whoever has the phone."""
    give_up_at = time.monotonic() + PHONE_SECS
    while True:
        await conversation.settle_payment()
        link = (await tools.checkout.session()).link
        if link is None or link.is_simulated:
            return
        if time.monotonic() >= give_up_at:
            logger.warning("nobody has paid {} for {:g} s", link.url, PHONE_SECS)
            return
        await asyncio.sleep(PHONE_INTERVAL_SECS)


def ready_ear(settings: Settings, menu: Menu, turns: Sequence[GuestTurn]) -> OpenEar | None:
    """Whisper, loaded before the first guest speaks: a replay hears all that a kiosk does; None where none speaks."""
    if all(isinstance(turn, WrittenLine) for turn in turns):
        return None
    open_ear = open_ear_of(settings, menu, waits=True)
    return open_ear if open_ear and open_ear.trial_secs() is not None else None


def simulated(pay: bool, currency: Currency) -> SimulatedPayments:
    """Payments in which no money moves, and which the guest makes as soon as a link is shown, or never."""
    return SimulatedPayments(0 if pay else None, currency=currency)


def _visit_to_resume(settings: Settings, store: AnyStore, currency: Currency) -> str:
    session_id = interrupted(settings.name, store, currency)
    if session_id is None:
        raise OperatorError("there is no visit to resume: no tab was left open here a short while ago")
    return session_id


def _play_on_screen(
    turns: Sequence[GuestTurn], menu: Menu, store: AnyStore, settings: Settings, open_ear: OpenEar | None
) -> Record:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    # A recorded guest does not touch.
    window = Window(events, lambda _: None, find_assets(), settings.fullscreen, closable=True)
    with contextlib.ExitStack() as open_devices:
        show = Show(
            realtime=True,
            pay=True,
            aloud=_loudspeaker(settings, open_devices),
            onlooker=events.put,
            meanwhile=window.run,
        )
        return play(turns, menu, store, settings.cache_dir, show, open_ear=open_ear)


def _loudspeaker(settings: Settings, open_devices: contextlib.ExitStack) -> Aloud | None:
    streams: dict[int, SpeakerStream] = {}

    def aloud(pcm: bytes, rate: int) -> None:
        if rate not in streams:
            streams[rate] = SpeakerStream(device(settings.speaker), rate)
            open_devices.callback(streams[rate].close)
        streams[rate].play(pcm)
        time.sleep(max(0.0, streams[rate].waiting_secs - AHEAD_SECS))

    try:
        check_speaker(device(settings.speaker))
    except SoundError as error:
        logger.warning("the demo is silent: {}", error)
        return None
    return aloud


def ready(out: Path) -> Path:
    """`out`, made if need be, once something could be written to it.

    Raises:
        FileError: nothing can.
    """
    with written(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as trial:
            # A full disk still takes a name, and no content.
            trial.write(bytes(_TRIAL_BYTES))
    return out


def _fresh_store(out: Path) -> str:
    with written(out):
        for old in out.glob("kiosk.db*"):
            old.unlink()
    return f"sqlite:///{out / 'kiosk.db'}"
