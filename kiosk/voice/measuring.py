"""Counts what happens in a conversation, for the operator's metrics."""

from pipecat.frames.frames import BotStartedSpeakingFrame, LLMContextUserTurnFrame, VADUserStoppedSpeakingFrame
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.frame_processor import FrameDirection

from kiosk import metrics
from kiosk.events import Event, PaymentChanged, ServiceChanged
from kiosk.voice.guards import BlockedFrame

NANOSECONDS = 1e9


class Measuring(BaseObserver):
    """Counts turns, withheld words, failovers, payments, and how long guests wait."""

    def __init__(self) -> None:
        super().__init__(observe_every_push=False)
        self._silent_since: float | None = None
        self._waits_since: float | None = None
        self._where: dict[str, str] = {}

    async def on_push_frame(self, data: FramePushed) -> None:
        """Count a frame, when it is pushed for the first time."""
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        match data.frame:
            case VADUserStoppedSpeakingFrame(stop_secs=stop_secs):
                self._silent_since = data.timestamp / NANOSECONDS - stop_secs
            case LLMContextUserTurnFrame():
                metrics.TURNS.inc()
                self._waits_since, self._silent_since = self._silent_since, None
            case BotStartedSpeakingFrame() if self._waits_since is not None:
                metrics.FIRST_SOUND.observe(data.timestamp / NANOSECONDS - self._waits_since)
                self._waits_since = None
            case BlockedFrame(reason=reason):
                metrics.SCANS_BLOCKED.labels(reason).inc()

    def count(self, event: Event) -> None:
        """Count an event of the kiosk's."""
        match event:
            case ServiceChanged(stage, where):
                if where == "house" and self._where.get(stage) == "cloud":
                    metrics.FAILOVERS.labels(stage).inc()
                self._where[stage] = where
            case PaymentChanged(status=status):
                metrics.PAYMENTS.labels(status.value).inc()
