"""`doctor --cloud`: one short, real conversation with every service that has a key, and how long each stage took.

A guest orders one drink and asks to pay, through the very pipeline of the kiosk. The visit is in memory and its
payments are simulated, so that neither store nor journal hears of it. Stripe makes one link, in test mode only, and
makes it inactive again.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import soxr

from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.doctor import Finding, Verdict, report
from kiosk.errors import OperatorError
from kiosk.menu import Menu
from kiosk.payments.provider import PaymentError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import StripeMCPClient, payments_of
from kiosk.settings import Settings, find_assets
from kiosk.state.store import open_store
from kiosk.visits import new_session_id
from kiosk.voice import espeak
from kiosk.voice.clock import ConversationClock
from kiosk.voice.cloud_packages import CARTESIA, GEMINI, missed_by, usable_keys
from kiosk.voice.figures import Figures
from kiosk.voice.floor import Floor
from kiosk.voice.recording import SAMPLE_RATE, GuestTurn, RecordingTransport, Utterance, WrittenLine, read_turns
from kiosk.voice.services import stages_of

# The most that a greeting and two answers take; the stages have shorter limits of their own.
CONVERSATION_SECS = 60.0
# The most that it takes to find Stripe and have it make a link, and to have that made inactive.
LINK_SECS = 30.0

# What a guest orders, in writing, and then asks aloud; else in eSpeak NG's voice of that name, which is not Maya's.
ORDERS = {"en": "One {}, please.", "de": "Ein {}, bitte.", "es": "Un {}, por favor."}
QUESTIONS = {"de": ("de+m3", "Kann ich bezahlen?"), "es": ("es+m3", "¿Puedo pagar?")}
RECORDED = ("Can I pay?", "demo/4_pay.wav")


def examine(
    settings: Settings, *, as_json: bool = False, realtime: bool = True, limit_secs: float = CONVERSATION_SECS
) -> int:
    """Print a line for each service, or all as JSON; returns the exit status, as the doctor does.

    Parameters:
        realtime: voices take their time; only then the figures are those of a guest's evening.
        limit_secs: the most that the conversation takes.
    """
    return report(_findings(settings, realtime, limit_secs), as_json=as_json)


def _findings(settings: Settings, realtime: bool, limit_secs: float) -> Iterator[Finding]:
    usable, figures = usable_keys(settings), Figures()
    try:
        menu = Menu.load(settings.menu)
        question, spoken = _question(settings.language)
        if usable:
            order = WrittenLine(ORDERS.get(settings.language, ORDERS["en"]).format(menu.items[0].name))
            turns = [order, spoken] if CARTESIA in usable else [order]
            asyncio.run(_converse(settings, menu, turns, figures, realtime, limit_secs))
    except OperatorError as error:
        yield Finding("conversation", Verdict.MISSING, str(error))
        return
    yield _ears(figures, question) if CARTESIA in usable else _left_out("ears", CARTESIA, settings)
    yield _bartender(figures) if GEMINI in usable else _left_out("bartender", GEMINI, settings)
    yield _voice(figures) if CARTESIA in usable else _left_out("voice", CARTESIA, settings)
    yield _payments(settings, menu)


def _question(language: str) -> tuple[str, GuestTurn]:
    """What the guest asks aloud, and its sound."""
    if language not in QUESTIONS:
        words, recording = RECORDED
        return words, read_turns(find_assets() / recording)[0]
    voice, words = QUESTIONS[language]
    sound = bytearray()

    def keep(chunk: espeak.Chunk) -> bool:
        sound.extend(chunk.pcm)
        return True

    espeak.espeak().synthesize(words, espeak.Voice(voice), keep)
    pcm = soxr.resample(np.frombuffer(sound, np.int16), espeak.SAMPLE_RATE, SAMPLE_RATE).tobytes()
    return words, Utterance(pcm)


async def _converse(
    settings: Settings, menu: Menu, turns: Sequence[GuestTurn], figures: Figures, realtime: bool, limit_secs: float
) -> None:
    """A greeting, what the guest says and the answers; `figures` tell what came of it, also where it has no end."""
    clock, floor = ConversationClock(), Floor()
    with open_store("memory:") as store:
        payments = SimulatedPayments(None, currency=menu.bar.currency)
        tools = BarTools(new_session_id("doctor"), store, menu, payments, figures.publish)
        transport = RecordingTransport(turns, floor, clock, realtime, floor.wait_until_free)
        stages = stages_of(settings, menu, figures.publish)
        conversation = Conversation(
            transport, tools, stages, figures.publish, clock, floor, watch=False, observers=[figures]
        )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_secs), asyncio.TaskGroup() as tasks:
                tasks.create_task(conversation.hold())
                await transport.input().play()
                await conversation.end()


def _left_out(part: str, key: str, settings: Settings) -> Finding:
    if settings.gemini_api_key if key == GEMINI else settings.cartesia_api_key:
        return Finding(part, Verdict.LIMITED, missed_by(key))
    return Finding(part, Verdict.SKIPPED, f"no {key}")


def _ears(figures: Figures, question: str) -> Finding:
    if why := figures.lost.get("stt"):
        return _trouble("ears", f"Cartesia: {why}", CARTESIA)
    if figures.transcript_secs is None:
        return _trouble("ears", f'Cartesia heard nothing where "{question}" was said', CARTESIA)
    text = f'Cartesia: "{question}" was heard as "{figures.heard}" {figures.transcript_secs:.2f} s after its end'
    return Finding("ears", Verdict.OK, text)


def _bartender(figures: Figures) -> Finding:
    if why := figures.lost.get("llm"):
        return _trouble("bartender", f"Gemini: {why}", GEMINI)
    if figures.first_word_secs is None or figures.whole_answer_secs is None:
        return _trouble("bartender", "Gemini: no answer in time", GEMINI)
    took = f"first word after {figures.first_word_secs:.2f} s, whole answer after {figures.whole_answer_secs:.2f} s"
    if not figures.tools:
        return _trouble("bartender", f"Gemini called no tool for an order ({took})", "KIOSK_GEMINI_MODEL")
    called = ", ".join(dict.fromkeys(figures.tools))
    return Finding("bartender", Verdict.OK, f"Gemini called {called}: {took}")


def _voice(figures: Figures) -> Finding:
    if why := figures.lost.get("tts"):
        return _trouble("voice", f"Cartesia: {why}", f"{CARTESIA} and CARTESIA_VOICE_ID")
    if figures.first_sound_secs is None or figures.whole_sound_secs is None:
        return _trouble("voice", "Cartesia was given nothing to say", CARTESIA)
    took = f"first sound after {figures.first_sound_secs:.2f} s, whole after {figures.whole_sound_secs:.2f} s"
    return Finding("voice", Verdict.OK, f"Cartesia spoke for {figures.sound_secs:.1f} s: {took}")


def _trouble(part: str, text: str, look_at: str) -> Finding:
    text = f"{text}. Until that is mended, the house serves. Check network and {look_at}."
    return Finding(part, Verdict.LIMITED, text)


def _payments(settings: Settings, menu: Menu) -> Finding:
    currency = menu.bar.currency
    try:
        client = payments_of(settings, currency, SimulatedPayments(None, currency=currency))
    except OperatorError as error:
        return Finding("payments", Verdict.MISSING, str(error))
    if isinstance(client, SimulatedPayments):
        return Finding("payments", Verdict.SKIPPED, "no STRIPE_SECRET_KEY")
    if not client.test_mode:
        text = "LIVE, money moves: no link is made with a live key. Try it with a test key (rk_test_…)."
        return Finding("payments", Verdict.SKIPPED, text)
    try:
        return Finding("payments", Verdict.OK, asyncio.run(try_link(client, menu)))
    except (PaymentError, TimeoutError) as error:
        why = str(error) or f"no answer within {LINK_SECS:g} s."
        text = f"Stripe, test mode: {why} Until it answers, payments are simulated. Check network and key."
        return Finding("payments", Verdict.LIMITED, text)


async def try_link(client: StripeMCPClient, menu: Menu) -> str:
    """Make one link and make it inactive; says how long that took.

    Raises:
        PaymentError, TimeoutError: no link was made, or it is not known to be inactive.
    """
    currency = menu.bar.currency
    # Where any item is dear enough for a card, the dearest is.
    amount = currency.chargeable(max(item.price for item in menu.items))
    try:
        async with asyncio.timeout(LINK_SECS):
            await client.examine()
        began = time.monotonic()
        link = await _made(client, amount)
        made = time.monotonic()
        async with asyncio.timeout(LINK_SECS):
            await client.cancel_payment_link(link)
            if (await client.look_at(link)).status != "failed":
                raise PaymentError(f"{link} can still be paid: make it inactive in Stripe's dashboard.")
    finally:
        await client.close()
    return (
        f"Stripe, test mode, no money moves: a link for {currency.label(amount)} made in {made - began:.2f} s, "
        f"inactive after {time.monotonic() - made:.2f} s"
    )


async def _made(client: StripeMCPClient, amount: Decimal) -> str:
    """The id of a new link; where none comes, whatever was made of the request is inactive."""
    key = client.generate_idempotency_key(new_session_id("doctor"))
    is_clear = False
    try:
        async with asyncio.timeout(LINK_SECS):
            made = await client.create_payment_link(amount, "Test by the doctor", key, is_new=True)
        is_clear = not made["is_simulated"] and not made.get("may_have_twin")
    finally:
        if not is_clear:
            # An answer that was lost may have been about a link.
            with contextlib.suppress(PaymentError, TimeoutError):
                async with asyncio.timeout(LINK_SECS):
                    await client.cancel_attempt(key)
    if made["is_simulated"]:
        raise PaymentError("it answers, and made no link; the message above says why.")
    return made["payment_id"]
