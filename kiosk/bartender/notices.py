"""Notices: what the kiosk tells the bartender that no guest said.

They stand in brackets, which `PlainWords` takes out of every transcript, so that no guest can say one.
"""

import json
from collections.abc import Mapping
from typing import Any

from pipecat.processors.aggregators.llm_context import LLMContextMessage

from kiosk.bartender.tally import BROKEN_OFF, Call

UNINTELLIGIBLE = "[nothing understood]"
# Stands before Maya's greeting for a language model whose conversations begin with a user's turn.
GUEST_ARRIVED = "[guest arrived]"
# Stands where a guest said what must not be heeded; Maya has answered it without the bartender.
WITHHELD = "[withheld]"
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

# Of several of these only the last is answered: it tells how things stand.
TOUCHES = frozenset({TOUCHED, CANCEL_TOUCHED, CANCEL_FAILED})
NOTICES = TOUCHES | {
    UNINTELLIGIBLE,
    GUEST_ARRIVED,
    BROKEN_OFF,
    WITHHELD,
    PAYMENT_SUCCEEDED,
    PAYMENT_FAILED,
    PAYMENT_DISPUTED,
    VISIT_RESUMED,
    HELLO_TOUCHED,
}


def notice(text: str) -> LLMContextMessage:
    """The notice `text` as a message of the conversation.

    It has the user's role: a model is to answer it, and Gemini takes a call only behind a user's turn or a result.
    """
    return {"role": "user", "content": text}


def made(call: Call) -> list[LLMContextMessage]:
    """A call that the kiosk has made, and its result, as messages of the conversation."""
    function: Any = {"name": call.name, "arguments": _as_json(call.arguments)}
    return [
        {"role": "assistant", "tool_calls": [{"id": call.id, "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": call.id, "content": _as_json(call.result or {})},
    ]


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
