"""Notices: what the kiosk tells the bartender that no guest said.

In the conversation each is a message that holds its text alone. `PlainWords` takes brackets out of every transcript, so
that no guest can say one; this file alone knows how a notice is told from what a guest says.
"""

from enum import StrEnum

from pipecat.processors.aggregators.llm_context import LLMContextMessage


class Notice(StrEnum):
    """One of them, with the text that a language model reads."""

    UNINTELLIGIBLE = "[nothing understood]"
    # Stands before Maya's greeting for a language model whose conversations begin with a user's turn.
    GUEST_ARRIVED = "[guest arrived]"
    # Stands where a guest said what must not be heeded; Maya has answered it without the bartender.
    WITHHELD = "[withheld]"
    # Stands behind what Maya said of an answer that broke off; somebody else finishes it in the same turn.
    BROKEN_OFF = "[answer broke off]"
    PAYMENT_SUCCEEDED = "[payment succeeded]"
    PAYMENT_FAILED = "[payment failed]"
    PAYMENT_DISPUTED = "[payment does not match]"
    VISIT_RESUMED = "[visit resumed]"
    HELLO_TOUCHED = "[hello touched]"
    # The call behind the button is made already; it stands behind the notice, with its result.
    TOUCHED = "[button touched]"
    # Only the kiosk itself makes a code void: no model has a tool for it, so the notice says what came of it.
    CANCEL_TOUCHED = "[cancel touched]"
    CANCEL_FAILED = "[cancel failed]"

    @property
    def is_touch(self) -> bool:
        """Whether a button was touched; of several only the last is answered, which tells how things stand."""
        return self in (Notice.TOUCHED, Notice.CANCEL_TOUCHED, Notice.CANCEL_FAILED)

    @property
    def message(self) -> LLMContextMessage:
        """As a message of the conversation.

        It has the user's role: a model is to answer it, and Gemini takes a call only behind a user's turn or a result.
        """
        return {"role": "user", "content": self.value}


_BY_TEXT = {notice.value: notice for notice in Notice}


def as_said(text: str) -> str:
    """What was said, by a guest; or, where it is the text of one, the `Notice` itself."""
    return _BY_TEXT.get(text, text)


def notice_in(message: LLMContextMessage) -> Notice | None:
    """The notice that a message of the conversation is; None: it is none."""
    # Pipecat's own recovery of an empty turn tells it as the developer, the kiosk as the user.
    if not isinstance(message, dict) or message.get("role") not in ("user", "developer"):
        return None
    content = message.get("content")
    return _BY_TEXT.get(content) if isinstance(content, str) else None


def words_in(message: LLMContextMessage) -> str:
    """What a guest said with a message; empty where another speaks, or the kiosk itself."""
    content = message.get("content") if isinstance(message, dict) and message.get("role") == "user" else None
    return content if isinstance(content, str) and content not in _BY_TEXT else ""
