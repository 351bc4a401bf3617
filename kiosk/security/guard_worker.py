"""llm-guard's process: `python -m kiosk.security.guard_worker INJECTION_MODEL TOXICITY_MODEL`.

Says {"ready": true} or {"error": why} when it has loaded the models of these two folders; from then on answers each
{"number": …, "text": …} with {"number": …, "scores": {scanner: 0 to 1}}.
"""

import json
import os
import sys
from typing import Any

# llm-guard tells how far a score is above or below its threshold; with this one the score follows, in steps of 0.05.
THRESHOLD = 0.5


def load(injection_model: str, toxicity_model: str) -> dict[str, Any]:
    """The scanners by name.

    Raises:
        ImportError, OSError, ValueError: llm-guard is not installed, or a model cannot be loaded.
    """
    from llm_guard.input_scanners import InvisibleText, PromptInjection, Toxicity  # pyright: ignore[reportMissingImports]
    from llm_guard.model import Model  # pyright: ignore[reportMissingImports]

    def model(path: str, **more: object) -> Any:
        return Model(
            path=path,
            pipeline_kwargs={"truncation": True, "max_length": 256, "return_token_type_ids": False, **more},
        )

    injection = model(injection_model)
    toxicity = model(toxicity_model, top_k=None, function_to_apply="sigmoid")
    return {
        "PromptInjection": PromptInjection(model=injection, threshold=THRESHOLD),
        "Toxicity": Toxicity(model=toxicity, threshold=THRESHOLD),
        "InvisibleText": InvisibleText(),
    }


def scores_of(scanners: dict[str, Any], text: str) -> dict[str, float]:
    """What each of `scanners` makes of `text`, 0 to 1."""
    scores = {}
    for name, scanner in scanners.items():
        _, _, risk = scanner.scan(text)
        # The two without text or without a model answer -1 or 1.
        scores[name] = round(min(1.0, max(0.0, THRESHOLD + risk * THRESHOLD)), 2)
    return scores


def _scores_or_none(scanners: dict[str, Any], text: str) -> dict[str, float]:
    try:
        return scores_of(scanners, text)
    except Exception as error:
        # A text that a model cannot digest is no reason to be without it for ten seconds.
        print(f"llm-guard: {error!r}")
        return {}


def main() -> None:
    """Serve until the kiosk closes the input."""
    # llm-guard and its libraries print; only answers may be on the pipe.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(told: dict[str, object]) -> None:
        answers.write(json.dumps(told) + "\n")
        answers.flush()

    try:
        scanners = load(*sys.argv[1:])
        # The first pass takes longest.
        scores_of(scanners, "two beers please")
    except (ImportError, OSError, ValueError) as error:
        say({"error": " ".join(str(error).split())[:200]})
        return
    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        say({"number": asked["number"], "scores": _scores_or_none(scanners, asked["text"])})


if __name__ == "__main__":
    main()
