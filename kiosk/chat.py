"""`chat`: Maya by keyboard, so that the owner of a menu sees what she makes of what guests will say.

The conversation is the kiosk's own, on a thread of its own; nothing listens and nothing sounds. With each answer it is
told what was understood, which words were left over, which tools were called and what stands on the tab.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from queue import SimpleQueue
from typing import Any, TextIO

from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.tools import BarTools
from kiosk.conversation import Conversation
from kiosk.line_text import ways
from kiosk.menu import Menu
from kiosk.plain_text import one_line
from kiosk.replay import simulated
from kiosk.settings import Settings
from kiosk.state.schema import Line, Session
from kiosk.understanding.acts import Missed, Unclear
from kiosk.understanding.reader import understand
from kiosk.visits import new_session_id
from kiosk.voice.clock import ConversationClock
from kiosk.voice.floor import Floor
from kiosk.voice.recording import UNSEEN_PIECE_SECS, RecordingTransport, WrittenLine
from kiosk.voice.services import written_stages
from kiosk.voice.turn_log import Turn, TurnLog
from kiosk.voice_thread import VoiceThread

QUIT = "quit"

# A tool's result is shown so far: the whole menu would hide what was asked.
_MOST_OF_A_RESULT = 160

# What is shown of a turn, each with a word for what it is.
Told = list[tuple[str, str]]


def chat(settings: Settings, said: Iterator[str], show: Callable[[str], None] = print) -> None:
    """Answer what is `said`, line by line, until there is no more of it.

    It is a visit at the house's bartender, kept in memory; payments are simulated, and made as soon as a link is shown.

    Parameters:
        show: is given each line that is to be seen.

    Raises:
        OperatorError: the menu, or what is told of it, cannot be used.
    """
    menu, knowledge = Menu.load(settings.menu), Knowledge.beside(settings.menu)
    answers: SimpleQueue[Told | None] = SimpleQueue()
    visit = _Visit(menu, knowledge, answers.put)
    voice = VoiceThread(visit.hold, on_end=lambda: answers.put(None))
    voice.start()
    try:
        while (answer := answers.get()) is not None:
            for kind, text in answer:
                show(f"{kind:<11} {text}")
            voice.call(visit.heard.put(next(said, None)))
        voice.join()
    except KeyboardInterrupt:
        show("")
    finally:
        voice.stop()


def typed(keyboard: TextIO, show: Callable[[str], None] = print) -> Iterator[str]:
    """The lines that somebody types, or that come from a file or another program, up to "quit" or the end."""
    for line in _prompted(show) if keyboard.isatty() else _echoed(keyboard, show):
        if line.strip().casefold() == QUIT:
            return
        if line.strip():
            yield line.strip()


def _prompted(show: Callable[[str], None]) -> Iterator[str]:
    with suppress(ImportError):
        # With it, a line that was typed can be had again and mended.
        import readline  # noqa: F401
    try:
        while True:
            yield input(f"{'you':<11} ")
    except EOFError:
        show("")


def _echoed(lines: Iterable[str], show: Callable[[str], None]) -> Iterator[str]:
    for line in lines:
        if line.strip():
            show(f"{'you':<11} {line.strip()}")
        yield line


class _Visit:
    """A guest's visit.

    Parameters:
        tell: is given what came of the greeting, and then of each thing that was heard.

    Attributes:
        heard: what the guest says; None ends the visit.
    """

    def __init__(self, menu: Menu, knowledge: Knowledge | None, tell: Callable[[Told], None]) -> None:
        self._menu = menu
        self._knowledge = knowledge
        self._tell = tell
        self.heard: asyncio.Queue[str | None] = asyncio.Queue()

    async def hold(self) -> None:
        """Converse until the guest has nothing more to say."""
        floor, clock, log = Floor(), ConversationClock(), TurnLog()
        payments = simulated(True, self._menu.bar.currency)
        tools = BarTools(new_session_id("chat"), {}, self._menu, payments, _nobody)
        transport = RecordingTransport(
            [], floor, clock, False, floor.wait_until_free, voice_piece_secs=UNSEEN_PIECE_SECS
        )
        stages = written_stages(self._menu, self._knowledge)
        conversation = Conversation(transport, tools, stages, _nobody, clock, floor, watch=False, observers=[log])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(conversation.hold())
            await transport.input().play()
            self._tell([("Maya", _words(log.turns))])
            while (said := await self.heard.get()) is not None:
                known = len(log.turns)
                await transport.input().say(WrittenLine(said))
                await floor.wait_until_free()
                await conversation.settle_payment()
                await floor.wait_until_free()
                self._tell(told(log.turns[known:], await conversation.session(), self._menu))
            await conversation.end()


def _nobody(_event: object) -> None:
    """Who looks at no screen is told of no events."""


def told(turns: Sequence[Turn], session: Session, menu: Menu) -> Told:
    """What came of `turns`, and how the tab stands then."""
    lines: Told = []
    for turn in turns:
        lines += [("withheld", turn.blocked)] if turn.blocked else _understood(turn.heard or "", menu)
        lines += [("tool", _call_in_words(call)) for call in turn.tools]
    return [*lines, ("Maya", _words(turns)), *_tab(session)]


def _understood(heard: str, menu: Menu) -> Iterator[tuple[str, str]]:
    for act in understand(heard, menu).acts:
        if isinstance(act, Missed | Unclear):
            yield "left over", act.words
        else:
            yield "understood", in_words(act)


def in_words(value: Any) -> str:
    """An act as a person would read it: its name, and what is said of it beyond what goes without saying."""
    if isinstance(value, tuple):
        return " + ".join(map(_within, value)) or "none"
    if not is_dataclass(value):
        return "none" if value is None else str(value)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(value).__name__).lower()
    telling = [
        entry.name if given is True else f"{entry.name} {_within(given)}"
        for entry in fields(value)
        if (given := getattr(value, entry.name)) != entry.default or entry.default is MISSING
    ]
    return f"{name}: {', '.join(telling)}" if telling else name


def _within(value: Any) -> str:
    return f"({in_words(value)})" if is_dataclass(value) else in_words(value)


def _call_in_words(call: dict[str, Any]) -> str:
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in call["arguments"].items()
    )
    result = call["result"]
    if result.get("status") == "ok":
        came = json.dumps(result["result"], ensure_ascii=False)
    else:
        came = f"{result.get('error')}: {result.get('message')}"
    return f"{call['name']}({arguments}) -> {one_line(came, _MOST_OF_A_RESULT)}"


def _words(turns: Iterable[Turn]) -> str:
    return " ".join(text for turn in turns for text in turn.said) or "(says nothing)"


def _tab(session: Session) -> Told:
    currency, payment = session.terms.currency, session.payment
    lines = [("", f"{_line(line)}: {currency.label(line.total)}") for line in session.order]
    tip = payment.tip_percentage
    total = "" if tip is None else f", with a tip of {tip} %: {currency.label(payment.total)}"
    return [("tab", f"{currency.label(payment.tab_total)}{total} ({session.payment_status})"), *lines]


def _line(line: Line) -> str:
    return ", ".join([f"{line.quantity} {line.item}", *ways(line.modifiers, line.without, line.note)])


def keyboard() -> TextIO:
    """Where lines come from; what is no text in it is shown as such."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
    return sys.stdin
