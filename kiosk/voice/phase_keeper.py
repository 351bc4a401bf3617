"""Moves a visit from phase to phase, as its turns are answered."""

import asyncio
from collections.abc import Callable

from loguru import logger
from pipecat.frames.frames import FunctionCallResultFrame, LLMContextAssistantTurnFrame, LLMContextUserTurnFrame
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.processors.frame_processor import FrameDirection

from kiosk.bartender.tally import ADDING
from kiosk.bartender.tools import BarTools
from kiosk.state.errors import StateError


class PhaseKeeper(BaseObserver):
    """Tells the guest's `PhaseManager` of every turn.

    Parameters:
        tools: those of the guest who is here now.
    """

    def __init__(self, tools: Callable[[], BarTools]) -> None:
        super().__init__(observe_every_push=False)
        self._tools = tools
        self._is_open = self._is_talk = self._order_placed = False

    async def on_push_frame(self, data: FramePushed) -> None:
        """Take note of a frame, when it is pushed for the first time."""
        if data.direction is not FrameDirection.DOWNSTREAM:
            return
        match data.frame:
            case LLMContextUserTurnFrame():
                self._is_open, self._is_talk, self._order_placed = True, True, False
            case FunctionCallResultFrame(function_name=name, result=dict(answer)):
                self._is_talk = False
                self._order_placed |= name in ADDING and answer.get("status") == "ok"
            case LLMContextAssistantTurnFrame() if self._is_open:
                self._is_open = False
                await self._turn_over()

    async def _turn_over(self) -> None:
        phases = self._tools().phases
        try:
            await asyncio.to_thread(phases.turn_over, order_placed=self._order_placed, is_talk=self._is_talk)
        except StateError as error:
            # Only the manner of the next answer depends on it.
            logger.warning("the phase of the visit is not kept: {}", error)
