"""What the operator calls this program by, for messages that name a command."""

import sys
from pathlib import Path

# As installed (pyproject.toml), and as it is in a clone.
INSTALLED, IN_CLONE = "maya-kiosk", "run_kiosk.py"


def program(started: str = sys.argv[0]) -> str:
    """The name of the command that was `started`, by default this process."""
    return INSTALLED if Path(started).stem == INSTALLED else IN_CLONE
