"""A stage in the cloud with a twin in the house, which takes over within the turn and hands back when it can.

What the cloud left undone is done by the house; the cloud is asked from time to time, outside any conversation,
whether it answers again.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from loguru import logger
from pipecat.frames.frames import ErrorFrame, Frame, ManuallySwitchServiceFrame
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyManual
from pipecat.processors.frame_processor import FrameProcessor
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kiosk.events import ServiceChanged
from kiosk.voice.reporter import Publish

BACK = "the cloud answers again"
# How long after a failure the cloud is asked for the first time, and at most between two times.
FIRST_PROBE_SECS, MOST_PROBE_SECS = 5.0, 60.0
# How long an answer to that question may take.
PROBE_SECS = 4.0

QueueFrame = Callable[[Frame], Awaitable[object]]


class CloudError(Exception):
    """A service in the cloud says what is wrong.

    Attributes:
        code: as a status of HTTP.
        words: why, for an operator; empty: the code says it.
    """

    def __init__(self, message: str, code: int | None = None, words: str = "") -> None:
        super().__init__(message)
        self.code, self.words = code, words


def in_words(error: BaseException | None) -> str:
    """Why a service in the cloud failed, for an operator."""
    if isinstance(error, CloudError) and error.words:
        return error.words
    if isinstance(error, ConnectionClosed):
        return "the connection was cut"
    code = error.response.status_code if isinstance(error, InvalidStatus) else getattr(error, "code", None)
    match code:
        case 400 | 404 | 422:
            return "it does not take what it was asked: is the model or the voice named rightly?"
        case 401 | 403:
            return "the key is refused"
        case 402:
            return "the account has no credit left"
        case 429:
            return "too many requests, or the quota is used up"
        case int() if code >= 500:
            return f"the service has trouble of its own ({code})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if error is None or isinstance(error, CloudError | ValueError | LookupError):
        return "no answer that makes sense"
    return "it cannot be reached"


async def ask_websocket(
    url: str, headers: Mapping[str, str], messages: Sequence[str | bytes], answer: str
) -> dict[str, Any]:
    """Open a connection of its own, send `messages`, and return the first answer whose type is `answer`.

    Raises:
        CloudError: the service says that something is wrong.
        OSError, TimeoutError, InvalidStatus, ...: the connection fails.
    """
    async with asyncio.timeout(PROBE_SECS), connect(url, additional_headers=headers) as websocket:
        # A service that refuses may have closed the connection by now; why stands in what it has sent before.
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                await websocket.send(message)
        async for received in websocket:
            data = json.loads(received)
            if data["type"] == "error":
                raise told(data)
            if data["type"] == answer:
                return data
    raise CloudError("the connection was closed without an answer")


def told(error: Mapping[str, Any]) -> CloudError:
    """The error that a message of Cartesia's tells of."""
    code = error.get("status_code", error.get("code"))
    words = ": ".join(str(error[name]) for name in ("title", "message") if error.get(name))
    return CloudError(words or str(error), code if isinstance(code, int) else None)


class CloudStage:
    """One stage of the conversation in the cloud: where it runs, and when it comes back.

    Parameters:
        name: "stt", "llm" or "tts".
        is_back: asks the cloud's service whether it answers.
        publish: told where the stage runs.

    Attributes:
        in_cloud: whether the cloud's service is in charge.
        first_probe_secs: how long after a failure it is asked for the first time.
    """

    def __init__(self, name: str, is_back: Callable[[], Awaitable[bool]], publish: Publish) -> None:
        self.name = name
        self.in_cloud = True
        self.first_probe_secs = FIRST_PROBE_SECS
        self._is_back = is_back
        self._publish = publish
        self._lost = asyncio.Event()

    def lose(self, reason: str) -> None:
        """The house takes over."""
        if self.in_cloud:
            self.in_cloud = False
            self._lost.set()
            logger.warning("{} in the cloud: {}", self.name, reason)
            self._publish(ServiceChanged(self.name, "house", reason))

    def find_again(self) -> None:
        """The cloud is in charge again."""
        if not self.in_cloud:
            self.in_cloud = True
            self._lost.clear()
            self._publish(ServiceChanged(self.name, "cloud", BACK))

    async def hand_back(self, _queue_frame: QueueFrame) -> None:
        """Put the cloud in charge again."""
        self.find_again()

    async def watch(self, queue_frame: QueueFrame) -> None:
        """After each failure, see when the cloud is back, and put it in charge; until cancelled.

        Parameters:
            queue_frame: into the pipeline.
        """
        pause = self.first_probe_secs
        while True:
            await self._lost.wait()
            await asyncio.sleep(pause)
            pause = min(2 * pause, MOST_PROBE_SECS)
            if await self._probe():
                self._lost.clear()
                await self.hand_back(queue_frame)
                # One that fails again at once is asked less and less often.
                if await self._holds(MOST_PROBE_SECS):
                    pause = self.first_probe_secs

    async def _probe(self) -> bool:
        try:
            return await self._is_back()
        except Exception as error:
            logger.debug("{} is still away: {!r}", self.name, error)
            return False

    async def _holds(self, secs: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._lost.wait(), secs)
            return False
        return True


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


class SwitchedStage(CloudStage):
    """A stage whose two services stand side by side in the pipeline.

    Parameters:
        switcher: of the cloud's service and the house's, with `Failover`.

    Attributes:
        on_lost: called when the house has taken over, to have done what the cloud did not do.
    """

    def __init__(
        self, name: str, switcher: ServiceSwitcher[Failover], is_back: Callable[[], Awaitable[bool]], publish: Publish
    ) -> None:
        super().__init__(name, is_back, publish)
        self.on_lost: Callable[[], Awaitable[object]] | None = None
        self._switcher = switcher
        switcher.strategy.add_event_handler("on_service_switched", self._switched)

    async def hand_back(self, queue_frame: QueueFrame) -> None:
        """Put the cloud in charge again, as soon as what is under way has passed."""
        cloud = self._switcher.services[0]
        # pipecat counts one whose key was refused as unusable for good.
        await cloud.set_usable(True)
        await queue_frame(ManuallySwitchServiceFrame(service=cloud))

    async def _switched(self, _strategy: Any, service: FrameProcessor) -> None:
        if service is self._switcher.services[0]:
            self.find_again()
            return
        self.lose(self._switcher.strategy.reason)
        if self.on_lost:
            await self.on_lost()
