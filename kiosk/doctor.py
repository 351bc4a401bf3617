"""`doctor`: looks at everything the kiosk stands on, and says of each trouble how to mend it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kiosk.display.window import has_screen
from kiosk.errors import OperatorError
from kiosk.menu import Menu
from kiosk.settings import Settings
from kiosk.state.store import open_store

SICK = 1


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `text` says how to mend it where it is not `ok`."""

    part: str
    ok: bool
    text: str


def examine(settings: Settings) -> int:
    """Print a line for each part; returns the exit status, 1 if the kiosk could not serve."""
    findings = list(_findings(settings))
    for finding in findings:
        print(f"{'ok     ' if finding.ok else 'MISSING'}  {finding.part:<12}  {finding.text}")
    return 0 if all(finding.ok for finding in findings) else SICK


def _findings(settings: Settings) -> Iterable[Finding]:
    for part, look in (
        ("menu", _menu),
        ("store", _store),
        ("ears", _ears),
        ("voice", _voice),
        ("sound", _sound),
        ("screen", _screen),
        ("cloud", _cloud),
        ("payments", _payments),
    ):
        yield _finding(part, look, settings)


def _finding(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, look(settings))
    except OperatorError as error:
        return Finding(part, False, str(error))


def _menu(settings: Settings) -> str:
    menu = Menu.load(settings.menu)
    return f"{menu.bar.name}: {len(menu.items)} items in {settings.menu}"


def _store(settings: Settings) -> str:
    with open_store(settings.store_url) as store:
        return f"{len(store)} visits in {settings.store_url}"


def _ears(settings: Settings) -> str:
    from kiosk.voice import language_model
    from kiosk.voice.recognizer import Recognizer

    Recognizer(language_model.build(Menu.load(settings.menu), settings.cache_dir))
    return f"PocketSphinx, with a model made from the menu, kept in {settings.cache_dir}"


def _voice(_settings: Settings) -> str:
    from kiosk.voice.espeak import espeak

    espeak()
    return "eSpeak NG"


def _sound(settings: Settings) -> str:
    from kiosk.voice.sound_card import check, device

    check(device(settings.microphone), device(settings.speaker))
    return f"microphone {settings.microphone or 'default'}, speaker {settings.speaker or 'default'}"


def _screen(_settings: Settings) -> str:
    if not has_screen():
        raise OperatorError("no display: start the kiosk in a desktop session, or set DISPLAY")
    return "a display is there"


def _cloud(_settings: Settings) -> str:
    return "not used: recogniser, bartender and voice all run in the house"


def _payments(settings: Settings) -> str:
    return f"simulated, no money moves; paid after {settings.simulated_payment_secs:g} s"
