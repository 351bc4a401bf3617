"""A stage in the cloud with a twin in the house, which takes over within the turn and hands back when it can.

What failed is asked again of the twin by `on_lost`; the stage that has failed is asked from time to time, outside any
conversation, whether it answers again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, ManuallySwitchServiceFrame
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyManual
from pipecat.processors.frame_processor import FrameProcessor

from kiosk.events import ServiceChanged
from kiosk.voice.reporter import Publish

BACK = "the cloud answers again"
# How long after a failure the cloud is asked for the first time, and at most between two times.
FIRST_PROBE_SECS, MOST_PROBE_SECS = 5.0, 60.0


def in_words(error: BaseException | None) -> str:
    """Why a service in the cloud failed, for an operator."""
    match getattr(error, "code", None):
        case 400 | 401 | 403:
            return "the key is refused"
        case 429:
            return "too many requests, or the quota is used up"
        case int(code) if code >= 500:
            return f"the service has trouble of its own ({code})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return "no answer that makes sense" if error is None else "it cannot be reached"


class Failover(ServiceSwitcherStrategyManual):
    """Any error of the first service, the cloud's, makes the second one active.

    Attributes:
        reason: of the last failure, in words.
    """

    reason = ""

    async def handle_error(self, error: ErrorFrame) -> FrameProcessor | None:
        """Switch to the house, unless it is in charge already."""
        cloud, house = self.services
        if self.active_service is not cloud:
            return None
        self.reason = in_words(error.exception)
        logger.warning("{}: {} ({})", cloud.name, self.reason, error.error)
        return await self._set_active_if_available(house)


class Twins:
    """One stage: its switcher, and what is done when it moves.

    Parameters:
        stage: "stt", "llm" or "tts".
        switcher: of the cloud's service and the house's, with `Failover`.
        is_back: asks the cloud's service whether it answers.
        publish: told where the stage runs.

    Attributes:
        on_lost: called when the house has taken over, to have done what the cloud did not do.
    """

    def __init__(
        self,
        stage: str,
        switcher: ServiceSwitcher[Failover],
        is_back: Callable[[], Awaitable[bool]],
        publish: Publish,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.stage = stage
        self.switcher = switcher
        self.on_lost: Callable[[], Awaitable[object]] | None = None
        self._is_back = is_back
        self._publish = publish
        self._sleep = sleep
        self._lost = asyncio.Event()
        switcher.strategy.add_event_handler("on_service_switched", self._switched)

    @property
    def is_in_cloud(self) -> bool:
        """Whether the cloud's service is in charge."""
        return self.switcher.strategy.active_service is self.switcher.services[0]

    async def watch(self, hand_back: Callable[[ManuallySwitchServiceFrame], Awaitable[object]]) -> None:
        """After each failure, see when the cloud is back, and have `hand_back` queue the switch; until cancelled."""
        pause = FIRST_PROBE_SECS
        while True:
            await self._lost.wait()
            await self._sleep(pause)
            pause = min(2 * pause, MOST_PROBE_SECS)
            if await self._probe():
                self._lost.clear()
                await hand_back(ManuallySwitchServiceFrame(service=self.switcher.services[0]))
                # One that fails again at once is asked less and less often.
                if await self._holds(MOST_PROBE_SECS):
                    pause = FIRST_PROBE_SECS

    async def _probe(self) -> bool:
        try:
            return await self._is_back()
        except Exception as error:
            logger.debug("{} is still away: {!r}", self.stage, error)
            return False

    async def _holds(self, secs: float) -> bool:
        try:
            await asyncio.wait_for(self._lost.wait(), secs)
        except TimeoutError:
            return True
        return False

    async def _switched(self, _strategy: Any, service: FrameProcessor) -> None:
        if service is self.switcher.services[0]:
            self._publish(ServiceChanged(self.stage, "cloud", BACK))
            return
        self._lost.set()
        self._publish(ServiceChanged(self.stage, "house", self.switcher.strategy.reason))
        if self.on_lost:
            await self.on_lost()
