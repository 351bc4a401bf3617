"""`doctor`: looks at everything the kiosk stands on, and says of each trouble how to mend it."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.display.window import has_screen
from kiosk.errors import OperatorError
from kiosk.files import in_words
from kiosk.menu import Menu
from kiosk.payments.provider import PaymentError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import StripeMCPClient, payments_of
from kiosk.program import program
from kiosk.security.encryption import get_encryption_manager
from kiosk.settings import Settings
from kiosk.state.sessions import outstanding
from kiosk.state.store import open_store, without_password
from kiosk.voice import cloud_packages
from kiosk.weights import WeightsError, chosen, usable

SICK = 1


class Verdict(StrEnum):
    """How a part is: "limited" where the kiosk serves without it, and less well; "skipped" where none was asked for."""

    OK = "ok"
    LIMITED = "limited"
    MISSING = "MISSING"
    SKIPPED = "skipped"


class LimitedError(Exception):
    """The kiosk can serve, though not as it was told to; the message says what is lost and how to mend it."""


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `text` says how to mend it where it is not ok."""

    part: str
    verdict: Verdict
    text: str


def examine(settings: Settings, *, as_json: bool = False) -> int:
    """Print a line for each part, or all as JSON; returns the exit status, 1 if the kiosk could not serve."""
    return report(_findings(settings), as_json=as_json)


def report(found: Iterable[Finding], *, as_json: bool) -> int:
    """Print each finding as soon as it is found, or all as JSON; returns the exit status of `examine`."""
    findings: list[Finding] = []
    for finding in found:
        findings.append(finding)
        if not as_json:
            print(f"{finding.verdict:<7}  {finding.part:<12}  {finding.text}", flush=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    return SICK if any(finding.verdict is Verdict.MISSING for finding in findings) else 0


def _findings(settings: Settings) -> Iterable[Finding]:
    for part, look in (
        ("menu", _menu),
        ("store", _store),
        ("ears", _ears),
        ("voice", _voice),
        ("sound", _sound),
        ("echo", _echo),
        ("screen", _screen),
        ("cloud", _cloud),
        ("speech", _speech),
        ("payments", _payments),
        ("guard", _guard),
        ("secrets", _secrets),
    ):
        yield _finding(part, look, settings)


def _finding(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, Verdict.OK, look(settings))
    except LimitedError as error:
        return Finding(part, Verdict.LIMITED, str(error))
    except OperatorError as error:
        return Finding(part, Verdict.MISSING, str(error))
    except OSError as error:
        return Finding(part, Verdict.MISSING, in_words(error))


def _menu(settings: Settings) -> str:
    menu = Menu.load(settings.menu)
    return f"{menu.bar.name}: {len(menu.items)} items in {settings.menu}"


def _store(settings: Settings) -> str:
    with open_store(settings.store_url) as store:
        return f"{len(store)} visits, {len(outstanding(store))} of them open, in {without_password(settings.store_url)}"


def _ears(settings: Settings) -> str:
    from kiosk.voice import language_model
    from kiosk.voice.recognizer import Recognizer

    menu = Menu.load(settings.menu)
    Recognizer(language_model.build(menu, settings.cache_dir))
    sphinx = f"PocketSphinx, with a model made from the menu, kept in {settings.cache_dir}"
    return sphinx if settings.stt == "sphinx" else f"{_whisper(settings, menu)}; beside it {sphinx}"


def _whisper(settings: Settings, menu: Menu) -> str:
    from kiosk.voice.stt.open_ear import MOST_SECS, TRIAL_SECS, open_ear_of

    try:
        name, _ = chosen(settings).id, usable(settings)
    except WeightsError as error:
        raise LimitedError(f"PocketSphinx hears alone: {error}") from None
    open_ear = open_ear_of(settings, menu)
    secs = open_ear and open_ear.trial_secs()
    if open_ear is None or secs is None:
        raise LimitedError(f"PocketSphinx hears alone: {name} cannot be loaded; have KIOSK_STT_MODEL name another")
    took = f"Whisper ({name}) reads {TRIAL_SECS:g} s of speech in {secs:.1f} s"
    if open_ear.is_slow:
        raise LimitedError(
            f"{took}, which is more than {MOST_SECS:g} s: it looks only at what PocketSphinx does not understand. "
            "KIOSK_STT=whisper has it read everything all the same"
        )
    return took


def _voice(_settings: Settings) -> str:
    from kiosk.voice.espeak import espeak

    espeak()
    return "eSpeak NG"


def _sound(settings: Settings) -> str:
    from kiosk.voice.sound_devices import check, device

    check(device(settings.microphone), device(settings.speaker))
    return f"microphone {settings.microphone or 'default'}, speaker {settings.speaker or 'default'}"


def _echo(settings: Settings) -> str:
    from kiosk.voice.sound_check import measure
    from kiosk.voice.sound_devices import SoundError

    try:
        found = measure(settings)
    except SoundError as error:
        raise LimitedError(f"not measured: {error}") from None
    if not found.has_sound:
        raise LimitedError("the microphone gives no sound at all. Is it muted?")
    came_back = f"Maya's voice came back at {found.echo_db:.0f} dB"
    with_what = "with the sound server's echo canceller" if found.has_canceller else "without an echo canceller"
    if found.is_interruptible:
        return f"{with_what} {came_back}, too faint to be heard: a guest can interrupt her"
    raise LimitedError(
        f"{with_what} {came_back} and was heard for {found.heard_secs:.1f} s, so she will not listen while she speaks. "
        "Turn the speaker down, move it away from the microphone, or use a speakerphone; then ask the doctor again."
    )


def _screen(_settings: Settings) -> str:
    if not has_screen():
        raise OperatorError("no display: start the kiosk in a desktop session, or set DISPLAY")
    return "a display is there"


def _cloud(settings: Settings) -> str:
    if settings.gemini_api_key is None:
        return "no GEMINI_API_KEY: the bartender thinks in the house"
    if not cloud_packages.are_installed():
        raise LimitedError(cloud_packages.missed_by(cloud_packages.GEMINI))
    from kiosk.bartender.house_brain import HouseBartender
    from kiosk.voice import failover
    from kiosk.voice.gemini_models import thinking_of
    from kiosk.voice.services import gemini_of

    async def first_word_secs(model: str) -> float:
        menu = Menu.load(settings.menu)
        gemini = gemini_of(settings, menu, HouseBartender(menu))
        try:
            return await gemini.first_word_secs(model)
        finally:
            await gemini.cleanup()

    model, fallback = settings.gemini_model, settings.gemini_fallback_model
    try:
        secs = asyncio.run(first_word_secs(model))
    except Exception as error:
        meanwhile = "the house"
        if fallback != model:
            with contextlib.suppress(Exception):
                asyncio.run(first_word_secs(fallback))
                meanwhile = fallback
        advice = getattr(error, "advice", "Check the network.")
        why = f"Gemini: {failover.in_words(error)}. Until it answers, {meanwhile} does. {advice}"
        raise LimitedError(why) from None
    return f"{model} is the bartender, {thinking_of(model)}; its first word came after {secs:.2f} s"


def _speech(settings: Settings) -> str:
    if settings.cartesia_api_key is None:
        return "no CARTESIA_API_KEY: Maya hears and speaks in the house"
    if not cloud_packages.are_installed():
        raise LimitedError(cloud_packages.missed_by(cloud_packages.CARTESIA))
    from kiosk.voice import failover, language_model
    from kiosk.voice.cartesia_account import NoSuchVoiceError, find_voice
    from kiosk.voice.recognizer import Recognizer
    from kiosk.voice.services import ears_of, voice_of

    async def troubles() -> list[str]:
        menu, found = Menu.load(settings.menu), []
        recognizer = Recognizer(language_model.build(menu, settings.cache_dir))
        ears, voice = ears_of(settings, menu, recognizer, lambda _: None), voice_of(settings, lambda _: None)
        for what, service in (("ears", ears), ("voice", voice)):
            try:
                await service.is_back()
            except Exception as error:
                found.append(f"{what}: {failover.in_words(error)}")
            finally:
                await service.cleanup()
        return found

    name, found = "", []
    try:
        name = find_voice(settings)
    except NoSuchVoiceError as error:
        found.append(str(error))
    except Exception as error:
        found.append(f"account: {failover.in_words(error)}")
    if found := found + asyncio.run(troubles()):
        raise LimitedError(
            f"Cartesia, {', '.join(found)}. Until it answers, Maya hears and speaks in the house. "
            "Check network, CARTESIA_API_KEY and CARTESIA_VOICE_ID."
        )
    return f"Cartesia hears, and speaks with voice {name} ({settings.cartesia_voice_id})"


def _guard(settings: Settings) -> str:
    from kiosk.security.guard import GuardState, guard_of, is_installed, models_of

    if not settings.guard:
        return "KIOSK_GUARD is off: the rules alone decide"
    if not is_installed():
        return "llm-guard is not installed, the rules alone decide; scripts/install_guard.sh adds it"
    missing = [model.id for model in models_of(settings) if not model.is_here(settings.models_dir)]
    if missing:
        raise LimitedError(f"llm-guard has no {', '.join(missing)}: run `{program()} models fetch`. The rules decide.")
    guard = guard_of(settings)
    assert guard
    guard.start()
    try:
        guard.wait_until(GuardState.READY, GuardState.BROKEN)
        if guard.state is GuardState.BROKEN:
            raise LimitedError(f"llm-guard cannot be used: {guard.trouble}. The rules alone decide.")
        started = time.monotonic()
        guard.ask("two beers and a martini on the rocks please").result()
        return f"llm-guard judges a sentence in {time.monotonic() - started:.2f} s"
    finally:
        guard.close()


def _secrets(settings: Settings) -> str:
    keys = Path(".env")
    if keys.exists() and keys.stat().st_mode & 0o077:
        raise LimitedError("others on this machine can read .env, where the keys are: chmod 600 .env")
    if settings.master_key is None:
        return "no MAYA_MASTER_KEY: what is kept encrypted cannot be read after a restart; nothing of a tab is"
    get_encryption_manager()
    return "MAYA_MASTER_KEY is a key"


def _payments(settings: Settings) -> str:
    currency = Menu.load(settings.menu).bar.currency
    simulated = SimulatedPayments(settings.simulated_payment_secs, currency=currency)
    client = payments_of(settings, currency, simulated)
    if isinstance(client, SimulatedPayments):
        return f"simulated, no money moves; paid after {settings.simulated_payment_secs:g} s"
    mode = "test mode, no money moves" if client.test_mode else "LIVE, money moves"
    try:
        way, shortcomings = asyncio.run(_way_of(client))
    except PaymentError as error:
        without = "payments are simulated" if client.test_mode else "guests pay at the bar"
        raise LimitedError(f"Stripe, {mode}: {error} Until it answers, {without}. Check network and key.") from None
    if shortcomings:
        raise LimitedError(f"Stripe, {mode}: {way}; but {shortcomings}")
    return f"Stripe, {mode}: {way}; the key may do what payments need"


async def _way_of(client: StripeMCPClient) -> tuple[str, str]:
    try:
        return await client.inspect()
    finally:
        await client.close()
