"""The commands: `run` (the default), `demo`, `replay`, `tabs`, `keys`, `doctor` and `devices`.

Whatever a user can get wrong ends here as one line on stderr and exit status 2.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from kiosk import logs
from kiosk.errors import OperatorError, RestartError
from kiosk.settings import Settings, load_settings

SETTLED = "Note that the staff have the money, or have settled the matter otherwise. The tab is empty then."
TOLD = "Every payment, dispute and settlement, oldest first. Nothing is ever changed or removed there."

USAGE_ERROR = 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(USAGE_ERROR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "run")
    options = _parser().parse_args(words)
    # Whatever is written, by whichever library, is nobody else's business.
    os.umask(0o077)
    try:
        settings = load_settings()
        level = "DEBUG" if options.verbose else settings.log_level
        logs.configure(level, transcripts=settings.log_transcripts)
        return options.command(options, settings)
    except OperatorError as error:
        print(f"run_kiosk.py: {error}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED


# Each command imports what it runs on: `--help` and a usage error need not wait for the voice.


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.app import run

    try:
        run(settings.model_copy(update={"fullscreen": settings.fullscreen and not options.window}))
    except RestartError as error:
        print(f"run_kiosk.py: {error}; starting anew", file=sys.stderr, flush=True)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return 0


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.replay import demo

    demo(settings, options.out, headless=options.headless)
    return 0


def _replay(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.replay import Replay, replay

    replay(
        settings.model_copy(update={"menu": options.menu or settings.menu}),
        Replay(
            inputs=options.inputs,
            out=options.out,
            size=options.size,
            screens=options.screens,
            realtime=options.realtime,
            pay=options.pay,
            store_url=options.store,
            resume=options.resume,
        ),
    )
    return 0


def _tabs(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk import tabs

    match options.act:
        case "settle":
            tabs.settle(settings, options.session, options.note)
        case "journal":
            tabs.journal(settings, options.session)
        case _:
            tabs.show(settings)
    return 0


def _keys(_options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.keys import rotate

    rotate(settings)
    return 0


def _guard(_options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.guard import fetch

    fetch(settings)
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.doctor import examine

    return examine(settings, as_json=options.json)


def _devices(_options: argparse.Namespace, _settings: Settings) -> int:
    from kiosk.voice.sound_devices import portaudio

    print(portaudio().query_devices())
    return 0


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 1920x1080")
    if not (320 <= int(width) <= 7680 and 320 <= int(height) <= 7680):
        raise argparse.ArgumentTypeError(f"{text!r}: each side can have 320 to 7680 pixels")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="run_kiosk.py",
        description="Maya, a voice-first bartender kiosk. Without a command, the kiosk itself.",
        epilog="example: run_kiosk.py demo",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run, about: str, example: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about, epilog=f"example: {example}")
        added.add_argument("--verbose", action="store_true", help="say on stderr what goes on")
        added.set_defaults(command=run)
        return added

    live = command("run", _run, "The kiosk: window, microphone, speaker.", "run_kiosk.py run --window")
    live.add_argument("--window", action="store_true", help="a window instead of the full screen")

    shown = command(
        "demo",
        _demo,
        "A recorded guest orders, tips and pays; with window and sound where there are any.",
        "run_kiosk.py demo --out out/demo",
    )
    shown.add_argument("--out", type=Path, default=Path("out/demo"), metavar="D", help="default: out/demo")
    shown.add_argument("--headless", action="store_true", help="no window, no sound: as fast as it goes")

    played = command(
        "replay",
        _replay,
        "Recordings or scripts through the real pipeline, without window or sound card.",
        "run_kiosk.py replay order.wav pay.wav --out out/mine --pay",
    )
    played.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="IN",
        help="one turn each: a sound file; or a .txt script with a turn a line",
    )
    played.add_argument("--out", type=Path, required=True, metavar="D", help="folder for what it leaves")
    played.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH", help="default: 1920x1080")
    played.add_argument("--screens", action="store_true", help="a PNG of the display at each change")
    played.add_argument("--realtime", action="store_true", help="at the recording's own pace")
    played.add_argument("--pay", action="store_true", help="the guest pays a link when it is shown")
    played.add_argument("--menu", type=Path, metavar="FILE", help="another menu")
    played.add_argument("--store", metavar="URL", help="where the tab is kept; default: a new file in D")

    played.add_argument("--resume", action="store_true", help="go on with the visit in the store that was interrupted")

    tabs = command(
        "tabs",
        _tabs,
        "The tabs that are open or do not add up.",
        'run_kiosk.py tabs settle bar-0123456789ab --note "paid 14.95 in cash, Ana"',
    )
    tabs.set_defaults(act="show")
    acts = tabs.add_subparsers(metavar="ACT")
    settled = acts.add_parser("settle", help="note that the staff have settled one", description=SETTLED)
    settled.add_argument("session", metavar="SESSION", help="as `tabs` lists it")
    settled.add_argument("--note", required=True, metavar="TEXT", help="who settled it, and how; kept in the journal")
    settled.set_defaults(act="settle")
    told = acts.add_parser("journal", help="what happened to guests' money", description=TOLD)
    told.add_argument("session", nargs="?", metavar="SESSION", help="of this visit only")
    told.set_defaults(act="journal")

    keys = command("keys", _keys, "What is encrypted in the store.", "run_kiosk.py keys rotate")
    keys.add_argument("act", choices=["rotate"], help="put it under the newest key of MAYA_MASTER_KEY")
    guarding = command(
        "guard", _guard, "The models of llm-guard, which scans what is said.", "run_kiosk.py guard fetch"
    )
    guarding.add_argument("act", choices=["fetch"], help="bring them to this machine, for a kiosk without a network")
    looked = command("doctor", _doctor, "Is everything here that the kiosk needs?", "run_kiosk.py doctor")
    looked.add_argument("--json", action="store_true", help="for machines: a list of part, verdict and text")
    command("devices", _devices, "List the sound devices.", "run_kiosk.py devices")
    return parser
