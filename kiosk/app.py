"""The kiosk itself: every part wired to the others, once."""

import signal
import threading

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation, new_session_id
from kiosk.display.window import Window
from kiosk.events import EventBus, Intent
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import Settings, find_assets
from kiosk.state.store import open_store
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.services import house_stages
from kiosk.voice.sound_card import SoundCard, check, device
from kiosk.voice_thread import VoiceThread


def run(settings: Settings) -> None:
    """Serve guests until the operator ends it.

    Raises:
        OperatorError: menu, store, sound or screen cannot be used.
    """
    menu = Menu.load(settings.menu)
    microphone, speaker = device(settings.microphone), device(settings.speaker)
    check(microphone, speaker)
    bus, stop = EventBus(), threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    window = Window(bus.subscribe(), lambda intent: touched(intent), find_assets(), settings.fullscreen)
    with open_store(settings.store_url) as store:
        payments = SimulatedPayments(settings.simulated_payment_secs)
        conversation: Conversation | None = None

        async def converse() -> None:
            nonlocal conversation
            conversation = Conversation(
                SoundCard(microphone, speaker),
                BarTools(new_session_id(), store, menu, payments, bus.publish),
                house_stages(menu, settings.cache_dir),
                bus.publish,
                ConversationClock(),
                Floor(),
                half_duplex=True,
                watch=True,
            )
            await conversation.hold()

        def touched(intent: Intent) -> None:
            if conversation:
                voice.call(conversation.touched(intent))

        voice = VoiceThread(converse, on_end=stop.set)
        voice.start()
        try:
            window.run(stop)
        finally:
            voice.stop()
