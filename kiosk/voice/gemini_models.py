"""How much Gemini's models think before they speak: as little as each family can be told to.

Left to itself a model thinks for a second or more, and its thoughts count as tokens of the answer. The least that each
family takes is from https://ai.google.dev/gemini-api/docs/thinking and from pipecat's table in google/llm.py.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thinking:
    """What a model is told about thinking.

    Parameters:
        level: "minimal", "low", ...; None: the model takes a budget, or cannot think.
        budget: of tokens; None: the model takes a level, or cannot think.
        room: tokens that are allowed for thoughts beside those for words, so that a long thought cannot eat the answer.
    """

    level: str | None = None
    budget: int | None = None
    room: int = 0

    def parameters(self, most_tokens: int) -> dict[str, Any]:
        """Those of a request whose words take `most_tokens` at most."""
        chosen = {"thinking_level": self.level, "thinking_budget": self.budget}
        given = {name: value for name, value in chosen.items() if value is not None}
        return {"max_output_tokens": most_tokens + self.room} | ({"thinking_config": given} if given else {})

    def __str__(self) -> str:
        if self.level is not None:
            return f'thinking "{self.level}"'
        return "no thinking" if not self.budget else f"thinking {self.budget} tokens"


_LEVEL_ROOM = 4096
_NONE, _OFF, _LEAST_OF_PRO = Thinking(), Thinking(budget=0), Thinking(budget=128, room=128)
_MINIMAL, _LOW = Thinking(level="minimal", room=_LEVEL_ROOM), Thinking(level="low", room=_LEVEL_ROOM)

# By the beginning of the name; the first that fits.
_FAMILIES = (
    ("gemini-1", _NONE),
    ("gemini-2.0", _NONE),
    ("gemma-3", _NONE),
    ("gemini-2.5-pro", _LEAST_OF_PRO),
    ("gemini-2.5", _OFF),
    ("gemini-3-flash", _MINIMAL),
    ("gemini-3.1-flash", _MINIMAL),
    ("gemini-3.5-flash", _MINIMAL),
    ("gemini-3.6-flash", _MINIMAL),
    ("gemma-4", _MINIMAL),
)


def thinking_of(model: str) -> Thinking:
    """The least that `model` can be told to think; "low" where it is not known, as for "gemini-flash-latest".

    Every model that can think takes "low"; newer ones refuse "minimal".
    """
    name = model.lower().rpartition("/")[2]
    return next((thinking for family, thinking in _FAMILIES if name.startswith(family)), _LOW)
