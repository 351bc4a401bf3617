"""A process in place of llm-guard's, which speaks its protocol and fails as it is told to."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.security.guard import RESTART_SECS, Guard

_SERVES = """
import json, os, sys, time
def wait_for(gate):
    open(gate).close()
if len(sys.argv) > 1:
    wait_for(sys.argv[1])
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    ACT
    print(json.dumps({"number": asked["number"], "scores": SCORES}), flush=True)
"""


def fake_guard(
    act: str = "pass",
    scores: str = '{"Toxicity": 0.25}',
    *,
    gate: Path | None = None,
    hung_secs: float = 3600.0,
    restart_secs: Sequence[float] = RESTART_SECS,
) -> Guard:
    """A guard whose process does `act`, a statement, with each `asked`, and then gives `scores`, an expression.

    Parameters:
        gate: loads, each time that it is started, until `let_through` this gate.
    """
    program = _SERVES.replace("ACT", act).replace("SCORES", scores)
    command = [sys.executable, "-c", program, *([str(gate)] if gate else [])]
    return Guard(command, hung_secs=hung_secs, restart_secs=restart_secs)


def new_gate(folder: Path) -> Path:
    """A gate in `folder` at which a process can be made to wait (`wait_for`)."""
    gate = folder / "gate"
    os.mkfifo(gate)
    return gate


def let_through(gate: Path) -> None:
    """Let the process that waits at `gate` go on, once it is there."""
    gate.open("wb").close()
