"""What Gemini says is wrong, told apart by `status` and `details[].reason`, for the screen's log and for the doctor."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from google.genai.errors import APIError

from kiosk.voice.failover import CloudError

KEY_REFUSED = "the key is refused"
# A day of Gemini's quotas begins here (https://ai.google.dev/gemini-api/docs/rate-limits).
_QUOTA_DAY = ZoneInfo("America/Los_Angeles")
_HOUR_SECS = 3600.0


class GeminiError(CloudError):
    """An answer of Gemini's that is none.

    Attributes:
        advice: what an operator can do.
        is_final: whether every model would answer so.
        is_of_model: whether the same model would answer so again now.
        retry_secs: after how long it may be asked again; 0: the service does not say.
    """

    def __init__(
        self,
        message: str,
        code: int | None,
        words: str,
        advice: str,
        *,
        is_final: bool = False,
        is_of_model: bool = False,
        retry_secs: float = 0.0,
    ) -> None:
        super().__init__(message, code, words)
        self.advice = advice
        self.is_final, self.is_of_model = is_final, is_of_model
        self.retry_secs = retry_secs


def told_by(error: APIError, model: str) -> GeminiError:
    """What the service means by `error`, of a request to `model`."""
    details = list(_details(error))
    reasons = [str(detail["reason"]) for detail in details if detail.get("reason")]
    message, code = str(error), error.code
    if "API_KEY_INVALID" in reasons or code in (401, 403):
        also = f" ({reasons[0]})" if reasons and "API_KEY_INVALID" not in reasons else ""
        return GeminiError(message, code, f"{KEY_REFUSED}{also}", "Check GEMINI_API_KEY.", is_final=True)
    match code:
        case 400 if error.status == "FAILED_PRECONDITION":
            words = "it is not served to this place, or not without billing"
            advice = (
                "See https://ai.google.dev/gemini-api/docs/available-regions, and the billing of the key's project."
            )
            return GeminiError(message, code, words, advice, is_final=True)
        case 404:
            advice = "Check KIOSK_GEMINI_MODEL and KIOSK_GEMINI_FALLBACK_MODEL."
            return GeminiError(message, code, f"it has no model {model}", advice, is_of_model=True)
        case 429:
            return _used_up(message, details)
        case 503:
            advice = "It is asked again by itself."
            return GeminiError(message, code, "the service is overloaded (503)", advice, is_of_model=True)
        case 400:
            words = "it does not take what it was asked"
            return GeminiError(message, code, words, "Is the model named rightly?", is_of_model=True)
    return GeminiError(message, code, f"the service has trouble of its own ({code})", "It is asked again by itself.")


def _used_up(message: str, details: list[dict[str, Any]]) -> GeminiError:
    delay = max((_seconds(str(detail.get("retryDelay", ""))) for detail in details), default=0.0)
    quotas = [
        str(violation.get("quotaId", "")) for detail in details for violation in detail.get("violations", ()) or ()
    ]
    if not any("PerDay" in quota for quota in quotas):
        words, advice = "too many requests, or the quota is used up", "A paid plan allows more."
        return GeminiError(message, 429, words, advice, is_of_model=True, retry_secs=delay)
    # The service is known to name seconds for the quota of a day, too.
    secs = delay if delay >= _HOUR_SECS else _secs_of_day_left()
    until = (datetime.now() + timedelta(seconds=secs)).strftime("%H:%M")
    words = f"the quota of the day is used up until {until}"
    return GeminiError(message, 429, words, "A paid plan allows more.", is_of_model=True, retry_secs=secs)


def _secs_of_day_left() -> float:
    now = datetime.now(_QUOTA_DAY)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - now.timestamp()


def _seconds(duration: str) -> float:
    """Of a duration in protobuf's JSON: "20.2s"."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)s", duration)
    return float(found[1]) if found else 0.0


def _details(error: APIError) -> Iterator[dict[str, Any]]:
    body = error.details if isinstance(error.details, dict) else {}
    told = body.get("error", body)
    for detail in (told.get("details") if isinstance(told, dict) else None) or ():
        if isinstance(detail, dict):
            yield detail
