"""What Gemini refuses, and in which words. Where each rule is known from stands in README.md, beside this file."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse

Part = dict[str, Any]

_RPC = "type.googleapis.com/google.rpc."
_SERVICE = {"domain": "googleapis.com", "metadata": {"service": "generativelanguage.googleapis.com"}}


@dataclass(frozen=True)
class Refusal:
    """An answer that is none."""

    code: int
    status: str
    message: str
    details: Sequence[dict[str, Any]] = field(default=())

    def response(self) -> JSONResponse:
        error = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = list(self.details)
        return JSONResponse({"error": error}, self.code)


def _used_up(quota: str, retry_delay: str) -> Refusal:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": quota,
    }
    details = [
        {"@type": f"{_RPC}Help", "links": [{"url": "https://ai.google.dev/gemini-api/docs/rate-limits"}]},
        {"@type": f"{_RPC}QuotaFailure", "violations": [violation]},
        {"@type": f"{_RPC}RetryInfo", "retryDelay": retry_delay},
    ]
    return Refusal(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, as planned.", details)


BAD_KEY = Refusal(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    [{"@type": f"{_RPC}ErrorInfo", "reason": "API_KEY_INVALID", **_SERVICE}],
)
PLANNED = {
    "key": BAD_KEY,
    "401": Refusal(401, "UNAUTHENTICATED", "as planned"),
    "403": Refusal(403, "PERMISSION_DENIED", "as planned"),
    "place": Refusal(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    "404": Refusal(404, "NOT_FOUND", "models/gone is not found for API version v1beta, as planned."),
    "429": _used_up("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "20.223932614s"),
    "day": _used_up("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "35640s"),
    "500": Refusal(500, "INTERNAL", "as planned"),
    "503": Refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
}


def _invalid(message: str) -> Refusal:
    return Refusal(400, "INVALID_ARGUMENT", message)


def refused(model: str, body: dict[str, Any]) -> Refusal | None:
    """What is wrong with a request for an answer, if anything is."""
    if model not in LEVELS:
        return Refusal(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta.")
    why = refusal(body["contents"]) or _wrong_tool(body.get("tools", [])) or _wrong_thinking(model, thinking(body))
    return _invalid(why) if why else None


# The levels that a model can think at, the least first; without any it takes a budget, or cannot think.
_ALL, _NOT_LEAST = ("minimal", "low", "medium", "high"), ("low", "medium", "high")
LEVELS = {
    "gemini-2.0-flash": (),
    "gemini-2.5-flash": (),
    "gemini-2.5-flash-lite": (),
    "gemini-2.5-pro": (),
    "gemini-3-flash-preview": _ALL,
    "gemini-3.1-flash-lite": _ALL,
    "gemini-3.1-pro-preview": _NOT_LEAST,
    "gemini-3.5-flash": _ALL,
    "gemini-3.5-flash-lite": _ALL,
    "gemini-3.6-flash": _ALL,
    "gemini-3.7-flash": _NOT_LEAST,
    "gemini-3.8-flash": _NOT_LEAST,
    "gemini-4-argon": _NOT_LEAST,
    "gemini-flash-latest": _NOT_LEAST,
}
# How many tokens of an answer its thoughts take.
_THOUGHTS = {"minimal": 0, "low": 300, "medium": 1000, "high": 4000}


def thinking(body: dict[str, Any]) -> dict[str, Any]:
    """What a request says of thinking."""
    told: dict[str, Any] = body.get("generationConfig", {}).get("thinkingConfig", {})
    # JSON of protobuf takes a field's own name, too, and the client leaves it to us which.
    names = {"thinking_level": "thinkingLevel", "thinking_budget": "thinkingBudget"}
    return {names.get(name, name): value for name, value in told.items()}


def thoughts(model: str, body: dict[str, Any]) -> int:
    """How many tokens the thoughts about this request take; `maxOutputTokens` counts them."""
    told = thinking(body)
    if LEVELS[model]:
        return _THOUGHTS[told.get("thinkingLevel", "medium").lower()]
    return 0 if model == "gemini-2.0-flash" else told.get("thinkingBudget", 1000)


def _wrong_thinking(model: str, thinking: dict[str, Any]) -> str:
    level, budget = thinking.get("thinkingLevel"), thinking.get("thinkingBudget")
    if thinking and model == "gemini-2.0-flash":
        return "thinking_config is not supported"
    if level and not LEVELS[model]:
        return "Thinking level is not supported for this model."
    if level and level.lower() not in LEVELS[model]:
        return f"Thinking level {level} is not supported for this model."
    if budget is not None and LEVELS[model]:
        return "Thinking budget is not supported for this model."
    if budget is not None and model == "gemini-2.5-pro" and budget < 128:
        return f"Budget {budget} is invalid. This model only works in thinking mode."
    return ""


def _wrong_tool(tools: Sequence[dict[str, Any]]) -> str:
    for number, tool in enumerate(tools):
        for place, declared in enumerate(tool.get("functionDeclarations", [])):
            parameters = declared.get("parameters")
            if parameters is not None and not parameters.get("properties"):
                where = f"tools[{number}].function_declarations[{place}].parameters.properties"
                return f"* GenerateContentRequest.{where}: should be non-empty for OBJECT type"
    return ""


CALL_OUT_OF_PLACE = (
    "Please ensure that function call turn comes immediately after a user turn or after a function response turn."
)
RESULT_OUT_OF_PLACE = (
    "Please ensure that the number of function response parts is equal to the number of function call parts of the "
    "function call turn."
)
# What a client puts in place of a signature for a call that another model, or nobody, has made.
_PLACEHOLDER = b"skip_thought_signature_validator"


def signature_of(call: dict[str, Any]) -> bytes:
    """That of a call of Gemini's; no other call has it."""
    return f"signed {call['name']} {json.dumps(call.get('args') or {}, sort_keys=True)}".encode()


def signed(parts: Sequence[Part]) -> list[Part]:
    """`parts`, the first call among them signed, as the service does since Gemini 3."""
    first = next((part for part in parts if "functionCall" in part), None)
    return [
        {**part, "thoughtSignature": base64.b64encode(signature_of(part["functionCall"])).decode()}
        if part is first
        else part
        for part in parts
    ]


def refusal(contents: Sequence[dict[str, Any]]) -> str:
    """What the service finds wrong with a history, in its own words; empty: nothing."""
    if not contents or contents[0]["role"] != "user" or not _is_said(contents[0]):
        return "Please ensure that the conversation begins with a user turn."
    if contents[-1]["role"] != "user":
        return "Please ensure that single turn requests end with a user role or the role field is empty."
    begin = 0
    for number, content in enumerate(contents):
        if not content.get("parts"):
            return f"* GenerateContentRequest.contents[{number}].parts: contents.parts must not be empty."
        before = contents[number - 1] if number else {"role": "model", "parts": []}
        if _count(content, "functionCall") and before["role"] != "user":
            return CALL_OUT_OF_PLACE
        if _count(content, "functionResponse") != _count(before, "functionCall"):
            return RESULT_OUT_OF_PLACE
        if _is_said(content):
            begin = number
    return _missing_signature(contents[begin:]) or _false_signature(contents)


def _missing_signature(turn: Sequence[dict[str, Any]]) -> str:
    for content in turn:
        called = [part for part in content["parts"] if "functionCall" in part]
        if called and not called[0].get("thoughtSignature"):
            name = called[0]["functionCall"]["name"]
            return f"Function call is missing a thought_signature in functionCall parts: {name}"
    return ""


def _false_signature(contents: Sequence[dict[str, Any]]) -> str:
    for content in contents:
        for part in content["parts"]:
            if "functionCall" in part and (signature := part.get("thoughtSignature")):
                given = base64.b64decode(signature.replace("-", "+").replace("_", "/"))
                if given not in (_PLACEHOLDER, signature_of(part["functionCall"])):
                    return "Thought signature is not valid."
    return ""


def _is_said(content: dict[str, Any]) -> bool:
    return content["role"] == "user" and _count(content, "text") > 0


def _count(content: dict[str, Any], kind: str) -> int:
    return sum(kind in part for part in content["parts"])
