"""Looks at what is said to Maya and by her: rules at once and always, llm-guard where it is installed.

Where llm-guard is missing, broken or late, talk goes on and the rules still hold.
"""

import asyncio
import functools
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from loguru import logger

from kiosk.security.guard import INJECTION_SCORE, INVISIBLE_SCORE, TOXICITY_SCORE, Guard, Scores, guard_of
from kiosk.security.normalisation import has_hidden, printable
from kiosk.security.outgoing import Confidential, trouble_in
from kiosk.security.phrasing import phrasing
from kiosk.security.rules import PROMPT_INJECTION, TOXICITY, broken_rule
from kiosk.settings import load_settings

RULES_SCORE = "Rules"


@dataclass(frozen=True)
class ScanConfig:
    """What is looked for, and how sure a model has to be.

    Parameters:
        prompt_injection_enabled: attempts to talk Maya out of her job.
        prompt_injection_threshold: from which score of the model on a text counts as one, 0 to 1. llm-guard's own is
            0.92; its scores come in steps of 0.05.
        toxicity_enabled: abuse.
        toxicity_threshold: likewise. llm-guard's own is 0.5, at which mild swearing counts.
        invisible_text_enabled: characters that nobody sees are taken out.
        deadline_secs: how long a verdict of the models is waited for.
    """

    prompt_injection_enabled: bool = True
    prompt_injection_threshold: float = 0.9
    toxicity_enabled: bool = True
    toxicity_threshold: float = 0.7
    invisible_text_enabled: bool = True
    deadline_secs: float = 0.8

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The configuration in `values`, where unknown keys are passed over."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in known})

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class ScanResult:
    """What became of a text.

    Parameters:
        is_valid: whether it may pass.
        sanitized_text: it as it may pass; empty where it may not.
        blocked_reason: "prompt_injection", "toxicity", "secret" or "system_prompt"; None: it may pass.
        scanner_scores: 0 to 1 by each scanner that was asked; the models' are missing where they gave none.
    """

    is_valid: bool
    sanitized_text: str
    blocked_reason: str | None = None
    scanner_scores: dict[str, float] = field(default_factory=dict)


class Scanner:
    """Scans for one conversation.

    Parameters:
        guard: llm-guard's process; None: the rules alone.
        confidential: what the language model is told, which Maya must not repeat.
    """

    def __init__(self, guard: Guard | None = None, confidential: str = "", config: ScanConfig | None = None) -> None:
        self._guard = guard
        self._confidential = Confidential(confidential)
        self.config = config or ScanConfig()
        # Read now, and not while the first guest waits.
        phrasing()

    def rule_on_input(self, text: str) -> ScanResult:
        """What the rules say of something that a guest said; takes less than a millisecond."""
        config = self.config
        scores = {}
        seen = text
        if config.invisible_text_enabled:
            seen = printable(text)
            scores[INVISIBLE_SCORE] = float(has_hidden(text))
        reason = broken_rule(text)
        return _result(seen, self._if_enabled(reason), scores)

    async def judge_input(self, text: str) -> ScanResult:
        """What rules and models say of it, within the deadline."""
        ruled = self.rule_on_input(text)
        return self._judged(ruled, await self._ask(ruled))

    def scan_input(self, text: str) -> ScanResult:
        """`judge_input` for a caller that may wait."""
        ruled = self.rule_on_input(text)
        return self._judged(ruled, self._wait(ruled))

    def rule_on_output(self, sentence: str, said: str = "") -> ScanResult:
        """What the rules say of something that Maya is about to say, after what she has `said`."""
        return _result(sentence, self._if_enabled(trouble_in(sentence, said, self._confidential)), {})

    async def judge_output(self, sentence: str, said: str = "") -> ScanResult:
        """What rules and models say of it, within the deadline."""
        ruled = self.rule_on_output(sentence, said)
        return self._judged(ruled, await self._ask(ruled), is_input=False)

    def scan_output(self, sentence: str, said: str = "") -> ScanResult:
        """`judge_output` for a caller that may wait."""
        ruled = self.rule_on_output(sentence, said)
        return self._judged(ruled, self._wait(ruled), is_input=False)

    def _if_enabled(self, reason: str | None) -> str | None:
        switches = {
            PROMPT_INJECTION: self.config.prompt_injection_enabled,
            TOXICITY: self.config.toxicity_enabled,
        }
        return reason if reason and switches.get(reason, True) else None

    def _asked(self, ruled: ScanResult) -> Future[Scores] | None:
        if not self._guard or not ruled.is_valid or not ruled.sanitized_text:
            return None
        return self._guard.ask(ruled.sanitized_text)

    async def _ask(self, ruled: ScanResult) -> Scores:
        if not (asked := self._asked(ruled)):
            return {}
        try:
            async with asyncio.timeout(self.config.deadline_secs):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            return _late()

    def _wait(self, ruled: ScanResult) -> Scores:
        if not (asked := self._asked(ruled)):
            return {}
        try:
            return asked.result(self.config.deadline_secs)
        except TimeoutError:
            return _late()

    def _judged(self, ruled: ScanResult, scores: Scores, *, is_input: bool = True) -> ScanResult:
        config = self.config
        reason = ruled.blocked_reason
        if is_input and config.prompt_injection_enabled:
            reason = reason or _over(scores, INJECTION_SCORE, config.prompt_injection_threshold, PROMPT_INJECTION)
        if config.toxicity_enabled:
            reason = reason or _over(scores, TOXICITY_SCORE, config.toxicity_threshold, TOXICITY)
        return _result(ruled.sanitized_text, reason, ruled.scanner_scores | scores)


def _late() -> Scores:
    logger.warning("llm-guard was late: the rules alone decided")
    return {}


def _over(scores: Scores, scanner: str, threshold: float, reason: str) -> str | None:
    return reason if scores.get(scanner, 0.0) >= threshold else None


def _result(text: str, reason: str | None, scores: dict[str, float]) -> ScanResult:
    rules = {RULES_SCORE: float(reason is not None)}
    return ScanResult(reason is None, "" if reason else text, reason, rules | scores)


def is_available() -> bool:
    """Whether llm-guard and its models are installed, so that it can be asked."""
    return guard_of(load_settings()) is not None


def scan_input(text: str, config: ScanConfig | None = None) -> ScanResult:
    """What rules and models say of something that a guest said.

    The models are loaded in the background by the first call; until then the rules decide.
    """
    return Scanner(_own_guard(), config=config).scan_input(text)


def scan_output(text: str, prompt: str = "", config: ScanConfig | None = None) -> ScanResult:
    """What rules and models say of something that Maya is about to say.

    Parameters:
        prompt: what the language model was told, which must not come back.
    """
    return Scanner(_own_guard(), prompt, config).scan_output(text)


@functools.cache
def _own_guard() -> Guard | None:
    guard = guard_of(load_settings())
    if guard:
        guard.start()
    return guard
