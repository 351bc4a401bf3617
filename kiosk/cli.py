"""The commands: `run` (the default), `demo`, `replay`, `chat`, `menu`, `tabs`, `keys`, `models`,
`doctor` and `devices`.

Whatever a user can get wrong ends here as one line on stderr and exit status 2.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from loguru import logger

from kiosk import logs
from kiosk.ending import UNEXPECTED, USAGE_ERROR, end
from kiosk.errors import MOST_CHARACTERS, RestartError
from kiosk.plain_text import one_line
from kiosk.program import program
from kiosk.settings import Settings, default_log_file, load_settings

SETTLED = "Note that the staff have the money, or have settled the matter otherwise. The tab is empty then."
TOLD = "Every payment, dispute and settlement, oldest first. Nothing is ever changed or removed there."


CHECKED = """What cannot be meant so: a name that is not there, a choice nobody can meet, a size without a price.
And which names sound so alike that the ears will not tell them apart.
Ends with 0 where nothing is wrong, with 1 where there is something to mend, with 2 where the file cannot be used."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {one_line(message, MOST_CHARACTERS)} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(USAGE_ERROR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "run")
    options = _parser().parse_args(words)
    # Whatever is written, by whichever library, is nobody else's business.
    os.umask(0o077)
    log = default_log_file()
    logs.configure("WARNING", kept=log)
    try:
        settings = load_settings()
        log = settings.log_file
        level = "DEBUG" if options.verbose else settings.log_level
        logs.configure(level, transcripts=settings.log_transcripts, kept=log)
        if arguments is None:
            _keep_what_nobody_can_catch()
        status = options.command(options, settings)
        # What cannot be written is said now, and not by the interpreter at its end.
        if sys.stdout:
            sys.stdout.flush()
    except BaseException as error:
        return end(error, log)
    return status


def _keep_what_nobody_can_catch() -> None:
    """Errors in what Python calls by itself, while it tidies up, are messages like any other."""

    def keep(told: Any) -> None:
        logger.opt(exception=(told.exc_type, told.exc_value, told.exc_traceback)).error("a part has failed")

    sys.unraisablehook = keep


# Each command imports what it runs on: `--help` and a usage error need not wait for the voice.


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.app import run

    try:
        run(settings.model_copy(update={"fullscreen": settings.fullscreen and not options.window}))
    except RestartError as error:
        print(f"{program()}: {error}; starting anew", file=sys.stderr, flush=True)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return 0


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.replay import demo

    demo(settings, options.out, headless=options.headless)
    return 0


def _replay(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.each_alone import RESULTS, each_alone
    from kiosk.replay import Replay, replay

    settings = settings.model_copy(update={"menu": options.menu or settings.menu})
    wanted = Replay(
        inputs=options.inputs,
        out=options.out,
        size=options.size,
        screens=options.screens,
        realtime=options.realtime,
        pay=options.pay,
        store_url=options.store,
        resume=options.resume,
    )
    if not options.each_alone:
        replay(settings, wanted)
        return 0
    if not (failed := each_alone(settings, wanted)):
        return 0
    print(f'{program()}: {failed} of the visits failed: see "error" in {options.out / RESULTS}', file=sys.stderr)
    return UNEXPECTED


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.chat import chat, keyboard, typed

    chat(settings.model_copy(update={"menu": options.menu or settings.menu}), typed(keyboard()))
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


def _menu(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.menu_check import check

    return check(options.file or settings.menu)


def _keys(_options: argparse.Namespace, settings: Settings) -> int:
    from kiosk.keys import rotate

    rotate(settings)
    return 0


def _models(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk import models

    if options.act == "fetch":
        models.fetch(settings)
    else:
        models.show(settings)
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from kiosk import cloud_check, doctor

    examine = cloud_check.examine if options.cloud else doctor.examine
    return examine(settings, as_json=options.json)


def _devices(_options: argparse.Namespace, _settings: Settings) -> int:
    from kiosk.voice.sound_devices import portaudio

    print(portaudio().query_devices())
    return 0


def _path(text: str) -> Path:
    if not text:
        # The folder that one is in is not what an empty variable of a script means.
        raise argparse.ArgumentTypeError("an empty path")
    return Path(text)


def _word(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{text!r} is not in UTF-8") from None
    return text


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 1920x1080")
    if not (320 <= int(width) <= 7680 and 320 <= int(height) <= 7680):
        raise argparse.ArgumentTypeError(f"{text!r}: each side can have 320 to 7680 pixels")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program(),
        description="Maya, a voice-first bartender kiosk. Without a command, the kiosk itself.",
        epilog=f"example: {program()} demo",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run, about: str, *examples: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=about,
            description=about,
            epilog="\n".join(f"example: {program()} {example}" for example in examples),
            # An example is to be copied: it stays in one line.
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.add_argument("--verbose", action="store_true", help="say on stderr what goes on")
        added.set_defaults(command=run)
        return added

    live = command("run", _run, "The kiosk: window, microphone, speaker.", "run --window")
    live.add_argument("--window", action="store_true", help="a window instead of the full screen")

    shown = command(
        "demo",
        _demo,
        "A recorded guest orders, tips and pays; with window and sound where there are any.",
        "demo --out out/demo",
    )
    shown.add_argument("--out", type=_path, default=Path("out/demo"), metavar="D", help="default: out/demo")
    shown.add_argument("--headless", action="store_true", help="no window, no sound: as fast as it goes")

    played = command(
        "replay",
        _replay,
        "Recordings or scripts through the real pipeline, without window or sound card.",
        "replay order.wav pay.wav --out out/mine --pay",
        "replay orders.txt *.flac --each-alone --out out/mine",
    )
    played.add_argument(
        "inputs",
        nargs="+",
        type=_path,
        metavar="IN",
        help="one turn each: a sound file; or a .txt script with a turn a line",
    )
    played.add_argument("--out", type=_path, required=True, metavar="D", help="folder for what it leaves")
    played.add_argument(
        "--each-alone",
        action="store_true",
        help="each turn is a visit of its own; leaves a line each in results.jsonl",
    )
    played.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH", help="default: 1920x1080")
    played.add_argument("--screens", action="store_true", help="a PNG of the display at each change")
    played.add_argument("--realtime", action="store_true", help="at the recording's own pace")
    played.add_argument("--pay", action="store_true", help="the guest pays a link when it is shown")
    played.add_argument("--menu", type=_path, metavar="FILE", help="another menu")
    played.add_argument("--store", type=_word, metavar="URL", help="where the tab is kept; default: a new file in D")

    played.add_argument("--resume", action="store_true", help="go on with the visit in the store that was interrupted")

    talk = command(
        "chat",
        _chat,
        'Maya by keyboard: what she understands and does, act by act. "quit" ends it.',
        "chat --menu menu.toml",
        "chat < evening.txt",
    )
    talk.add_argument("--menu", type=_path, metavar="FILE", help="another menu")

    tabs = command(
        "tabs",
        _tabs,
        "The tabs that are open or do not add up.",
        'tabs settle bar-0123456789ab --note "paid 14.95 in cash, Ana"',
    )
    tabs.set_defaults(act="show")
    acts = tabs.add_subparsers(metavar="ACT")
    settled = acts.add_parser("settle", help="note that the staff have settled one", description=SETTLED)
    settled.add_argument("session", type=_word, metavar="SESSION", help="as `tabs` lists it")
    settled.add_argument(
        "--note", type=_word, required=True, metavar="TEXT", help="who settled it, and how, for the journal"
    )
    settled.set_defaults(act="settle")
    told = acts.add_parser("journal", help="what happened to guests' money", description=TOLD)
    told.add_argument("session", nargs="?", type=_word, metavar="SESSION", help="of this visit only")
    told.set_defaults(act="journal")

    listed = command("menu", _menu, "The menu file.", "menu check bar.toml")
    deeds = listed.add_subparsers(metavar="ACT", required=True)
    checked = deeds.add_parser(
        "check",
        help="is anything wrong with it, or ambiguous?",
        description=CHECKED,
        epilog=f"example: {program()} menu check bar.toml",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    checked.add_argument("file", nargs="?", type=_path, metavar="FILE", help="default: the kiosk's own menu")

    keys = command("keys", _keys, "What is encrypted in the store.", "keys rotate")
    keys.add_argument("act", choices=["rotate"], help="put it under the newest key of MAYA_MASTER_KEY")
    weighing = command("models", _models, "The models of Whisper and llm-guard.", "models list", "models fetch")
    weighing.add_argument(
        "act",
        choices=["list", "fetch"],
        help="which are here, how large, under which licence, from where; or bring them here, to need no network later",
    )
    looked = command("doctor", _doctor, "Is everything here that the kiosk needs?", "doctor")
    looked.add_argument(
        "--cloud",
        action="store_true",
        help="instead, talk with each service that has a key: how fast is it?",
    )
    looked.add_argument("--json", action="store_true", help="for machines: a list of part, verdict and text")
    command("devices", _devices, "List the sound devices.", "devices")
    return parser
