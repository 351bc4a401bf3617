"""The conversation as Gemini is shown it: every call in its place."""

from itertools import groupby

from google.genai.types import Content
from pipecat.adapters.llm.services.gemini_adapter import GeminiLLMAdapter


class GeminiHistory(GeminiLLMAdapter):
    """pipecat's adapter, which gathers parallel calls only where they stand together, and words with their calls.

    Gemini signs the first of its parallel calls, and pipecat puts every unsigned call that follows to the last signed
    one. But what the kiosk has called for a touch, or the house after a failover, is unsigned too, and of a later turn.
    A call stands behind a user's turn or a result; one that comes into the conversation behind words of the same answer
    is of their turn.
    """

    def _merge_parallel_tool_calls_for_thinking(
        self, thought_signature_dicts: list[dict], messages: list[Content]
    ) -> list[Content]:
        merged: list[Content] = []
        for _, stretch in groupby(messages, key=_is_call_or_result):
            merged += super()._merge_parallel_tool_calls_for_thinking(thought_signature_dicts, list(stretch))
        shown: list[Content] = []
        for message in merged:
            if shown and _calls(message) and shown[-1].role == "model":
                message = Content(role="model", parts=[*(shown.pop().parts or []), *(message.parts or [])])
            shown.append(message)
        return shown


def _calls(message: Content) -> bool:
    return any(part.function_call for part in message.parts or [])


def _is_call_or_result(message: Content) -> bool:
    return bool(message.parts) and all(part.function_call or part.function_response for part in message.parts)
