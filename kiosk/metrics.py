"""What is counted, for Prometheus. Nothing of it is anybody's words or money.

Served on a port of this machine alone, and only where the operator names one.
"""

from prometheus_client import Counter, Histogram, start_http_server

from kiosk.errors import OperatorError
from kiosk.files import in_words

TURNS = Counter("maya_turns", "What guests have said, and was understood.")
FIRST_SOUND = Histogram(
    "maya_first_sound_seconds",
    "From the end of a guest's speech to the first sound of the answer.",
    buckets=(0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
)
FAILOVERS = Counter("maya_failovers", "A stage went from the cloud to the house.", ["stage"])
SCANS_BLOCKED = Counter("maya_scans_blocked", "What was said, or about to be said, was withheld.", ["reason"])
PAYMENTS = Counter("maya_payments", "Payments by what became of them.", ["status"])
VOICE_RESTARTS = Counter("maya_voice_restarts", "The voice hung and was begun anew.")
LOCKS_CLEANED = Counter("maya_session_locks_cleaned", "Locks of visits that are over, forgotten.")
VISITS_FORGOTTEN = Counter("maya_visits_forgotten", "Visits deleted at the end of their retention time.")


class MetricsError(OperatorError):
    """The port cannot be had."""


def serve(port: int) -> None:
    """Serve them on `port` of this machine's loopback, until the process ends.

    Raises:
        MetricsError: the port cannot be had.
    """
    try:
        start_http_server(port, addr="127.0.0.1")
    except OSError as error:
        raise MetricsError(f"KIOSK_METRICS_PORT: port {port} cannot be had: {in_words(error)}") from None
