"""A process in place of llm-guard's, which speaks its protocol and fails as it is told to."""

import sys

from kiosk.security.guard import Guard

_SERVES = """
import json, os, sys, time
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    ACT
    print(json.dumps({"number": asked["number"], "scores": SCORES}), flush=True)
"""


def fake_guard(act: str = "pass", scores: str = '{"Toxicity": 0.25}', *, hung_secs: float = 60.0) -> Guard:
    """A guard whose process does `act`, a statement, with each `asked`, and then gives `scores`, an expression."""
    program = _SERVES.replace("ACT", act).replace("SCORES", scores)
    return Guard([sys.executable, "-c", program], hung_secs=hung_secs)
