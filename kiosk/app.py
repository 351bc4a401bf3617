"""The kiosk itself: every part wired to the others, once."""

import asyncio
import faulthandler
import os
import signal
import threading

from loguru import logger
from pipecat.turns.user_mute import AlwaysUserMuteStrategy, BaseUserMuteStrategy

from kiosk import metrics, tracing
from kiosk.bartender.prompts import confidential
from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.display.window import SEARCH_SECS, ScreenLostError, Window, can_open, has_screen
from kiosk.errors import OperatorError
from kiosk.events import Event, EventBus, Intent
from kiosk.housekeeping import keep_house
from kiosk.menu import Menu
from kiosk.payments.backlog import Backlog
from kiosk.payments.expiry import Expiry
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import payments_of
from kiosk.security.encryption import get_encryption_manager
from kiosk.security.guard import Guard, guard_of
from kiosk.security.scanner import Scanner
from kiosk.session import Presence
from kiosk.settings import Settings, find_assets
from kiosk.state.store import open_store
from kiosk.systemd import ALIVE, READY, STOPPING, notify
from kiosk.visits import begin_service, is_of, new_session_id
from kiosk.voice.clock import ConversationClock
from kiosk.voice.echo import DeafWhileLearning, EchoCanceller
from kiosk.voice.floor import Floor
from kiosk.voice.measuring import Measuring
from kiosk.voice.services import stages_of
from kiosk.voice.sound_card import VOICE_LAG_SECS, SoundCard
from kiosk.voice.sound_check import recall
from kiosk.voice.sound_devices import device, portaudio
from kiosk.watchdog import WatchedVoice

# Everything is stored as soon as it happens, so that nothing is lost by not waiting any longer.
END_SECS = 10.0


def run(settings: Settings) -> None:
    """Serve guests until the operator ends it.

    Raises:
        OperatorError: menu, master key, store, sound, screen or the key for payments cannot be used.
        RestartError: screen or sound were lost, and a new process can have them again.
    """
    menu = Menu.load(settings.menu)
    if settings.master_key:
        get_encryption_manager()
    portaudio()
    bus, stop = EventBus(), threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: _end(stop))
    end_tracing = tracing.start(settings.tracing, settings.name, transcripts=settings.log_transcripts)
    if settings.metrics_port is not None:
        metrics.serve(settings.metrics_port)
    window = Window(
        bus.subscribe(),
        lambda intent: touched(intent),
        find_assets(),
        settings.fullscreen,
        closable=settings.closable or not settings.fullscreen,
        pin=settings.operator_pin.get_secret_value() if settings.operator_pin else None,
        caption_scale=settings.caption_scale,
        wake_phrase=settings.wake_phrase,
        alive=lambda: notify(ALIVE),
        language=settings.language,
    )
    guard = started_guard(settings)
    # For as long as the process lives: a code does not begin anew with a voice that is restarted.
    expiry = Expiry(settings.payment_link_secs)
    with open_store(settings.store_url) as store:
        conversation: Conversation | None = None

        def present() -> str | None:
            return conversation and conversation.session_id

        async def converse() -> None:
            nonlocal conversation
            floor, measuring = Floor(), Measuring()
            currency = menu.bar.currency
            simulated = SimulatedPayments(settings.simulated_payment_secs, currency=currency)
            payments = payments_of(settings, currency, simulated)

            def publish(event: Event) -> None:
                measuring.count(event)
                bus.publish(event)

            def visit(session_id: str) -> BarTools:
                return BarTools(session_id, store, menu, payments, publish, expiry=expiry)

            canceller, deaf = ears_while_she_speaks(settings)
            card = SoundCard(device(settings.microphone), device(settings.speaker), publish, canceller)
            conversation = Conversation(
                card,
                visit(begin_service(settings.name, store, present(), currency)),
                stages_of(settings, menu, publish),
                publish,
                ConversationClock(),
                floor,
                deaf=deaf,
                watch=True,
                next_visit=lambda: visit(new_session_id(settings.name)),
                voice_lag_secs=VOICE_LAG_SECS,
                wake_phrase=settings.wake_phrase,
                observers=[measuring],
                scanner=Scanner(guard, confidential(menu)),
                traced=end_tracing is not None,
                language=settings.language,
            )
            backlog = Backlog(
                store,
                payments,
                is_ours=lambda other: is_of(settings.name, other),
                present=present,
                payee=menu.bar.name,
                expiry=expiry,
            )
            try:
                async with backlog, asyncio.TaskGroup() as tasks:
                    presence = Presence(floor, conversation, settings.idle_secs)
                    beside = [card.mind(), presence.watch(), keep_house(store, settings.retention_days, present)]
                    watching = [tasks.create_task(work) for work in beside]
                    try:
                        await conversation.hold()
                    finally:
                        for task in watching:
                            task.cancel()
            except* OperatorError as broken:
                raise broken.exceptions[0] from None
            finally:
                await payments.close()

        def touched(intent: Intent) -> None:
            if conversation:
                voice.call(conversation.touched(intent))

        voice = WatchedVoice(converse, on_end=stop.set)
        voice.start()
        notify(READY)
        try:
            _show(window, stop)
        finally:
            notify(STOPPING)
            voice.stop()
            if guard:
                guard.close()
            if end_tracing:
                end_tracing()


def started_guard(settings: Settings) -> Guard | None:
    """llm-guard, loading in the background; None where it cannot be had."""
    guard = guard_of(settings)
    if guard:
        guard.start()
    elif settings.guard:
        logger.info("llm-guard or its models are not installed: the rules alone decide")
    return guard


def ears_while_she_speaks(settings: Settings) -> tuple[EchoCanceller | None, list[BaseUserMuteStrategy]]:
    """What lets Maya listen while she speaks, and when she does not."""
    check = recall(settings)
    is_interruptible = settings.barge_in == "on" or (
        settings.barge_in == "auto" and check is not None and check.is_interruptible
    )
    if not is_interruptible:
        return None, [AlwaysUserMuteStrategy()]
    if check is None or not check.has_canceller:
        return None, []
    canceller = EchoCanceller()
    return canceller, [DeafWhileLearning(canceller)]


def _end(stop: threading.Event) -> None:
    """End in an orderly way, or else at all: a library may hang on a screen or a sound server that is gone."""
    stop.set()
    last_resort = threading.Timer(END_SECS, _give_up)
    last_resort.daemon = True
    last_resort.start()


def _give_up() -> None:
    """Say what hangs, and end."""
    logger.error("the kiosk does not end in order")
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def _show(window: Window, stop: threading.Event) -> None:
    """Show the window until the end; without a screen, or when it is lost, Maya serves by voice."""
    try:
        window.run(stop, patient=has_screen())
    except ScreenLostError as error:
        logger.error("{}; Maya goes on by voice until there is one", error)
        while not stop.is_set() and not can_open():
            notify(ALIVE)
            stop.wait(SEARCH_SECS)
        if not stop.is_set():
            raise
