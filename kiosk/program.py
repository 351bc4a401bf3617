"""What the operator calls this program by, for messages that name a command."""

import sys
from pathlib import Path

# As installed (pyproject.toml), and as it is in a clone.
INSTALLED, IN_CLONE = "maya-kiosk", "run_kiosk.py"


def program() -> str:
    """The name of the command that this process was started with."""
    return INSTALLED if Path(sys.argv[0]).stem == INSTALLED else IN_CLONE
