"""The conversation as Gemini is shown it: every call in its place, and a guest who comes before Maya speaks."""

from itertools import groupby
from typing import Any

from google.genai.types import Content, Part
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema
from pipecat.adapters.llm.services.gemini_adapter import GeminiLLMAdapter
from pipecat.processors.aggregators.llm_context import LLMContextMessage

from kiosk.bartender.notices import Notice


class GeminiHistory(GeminiLLMAdapter):
    """pipecat's adapter, which gathers parallel calls only where they stand together, and words with their calls.

    Gemini signs the first of its parallel calls, and pipecat puts every unsigned call that follows to the last signed
    one. But what the kiosk has called for a touch, or the house after a failover, is unsigned too, and of a later turn.
    A call stands behind a user's turn or a result; one that comes into the conversation behind words of the same answer
    is of their turn.

    A conversation begins with a user's turn, though Maya greets first; a tool without parameters is declared without.
    """

    def to_provider_tools_format(self, tools_schema: ToolsSchema) -> list[dict[str, Any]]:
        """The tools as Gemini takes them."""
        tools = super().to_provider_tools_format(tools_schema)
        for tool in tools:
            for declared in tool.get("function_declarations", ()):
                if not declared["parameters"]["properties"]:
                    del declared["parameters"]
        return tools

    def _from_universal_context_messages(
        self, universal_context_messages: list[LLMContextMessage], *, system_instruction: str | None = None
    ) -> GeminiLLMAdapter.ConvertedMessages:
        converted = super()._from_universal_context_messages(
            universal_context_messages, system_instruction=system_instruction
        )
        if converted.messages and converted.messages[0].role == "model":
            converted.messages.insert(0, Content(role="user", parts=[Part(text=Notice.GUEST_ARRIVED)]))
        return converted

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
