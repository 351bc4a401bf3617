"""A guest who touches something in the middle of something else."""

import asyncio

from pipecat.frames.frames import Frame
from pipecat.observers.base_observer import BaseObserver, FramePushed

from kiosk.events import Intent
from tests.evening import Evening


class TouchAt(BaseObserver):
    """A guest who touches something at the moment at which a frame of a kind is pushed for the first time.

    Attributes:
        evening: the guest's; nothing is touched before it is set.
        touching: the touch, once it is made.
    """

    def __init__(self, kind: type[Frame], intent: Intent) -> None:
        super().__init__(observe_every_push=False)
        self.evening: Evening | None = None
        self.touching: asyncio.Task[None] | None = None
        self._kind, self._intent = kind, intent

    async def on_push_frame(self, data: FramePushed) -> None:
        if self.evening and self.touching is None and isinstance(data.frame, self._kind):
            self.touching = asyncio.create_task(self.evening.conversation.touched(self._intent))
