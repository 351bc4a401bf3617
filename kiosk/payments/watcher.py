"""Follows the payment link that is out until it is paid, given up or withdrawn.

The watcher reads the session again at each look, so it needs no word from the tools when a link is
made, and after a restart it goes on where the last process stopped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from loguru import logger

from kiosk.payments.checkout import Checkout, Outcome
from kiosk.payments.provider import PaymentError
from kiosk.state.errors import StateError

# Between two looks at an open link.
INTERVAL_SECS = 2.0


class PaymentWatcher:
    """An asyncio task that looks at the open link of one session every few seconds.

    Parameters:
        checkout: the session's payments.
        on_settled: told once of each link that was found paid or failed; not of what the tool found
            that the guest asked with, for there the answer says it.
        interval_secs: between two looks.
        sleep: waits between two looks; a simulation waits on its own time.
    """

    def __init__(
        self,
        checkout: Checkout,
        on_settled: Callable[[Outcome], Awaitable[None]],
        *,
        interval_secs: float = INTERVAL_SECS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._checkout = checkout
        self._on_settled = on_settled
        self._interval_secs = interval_secs
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self) -> None:
        """Begin to look, in a task that belongs to this watcher until `close`."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._watch(), name="payment watcher")

    async def close(self) -> None:
        """Stop looking; a change that is being stored is stored whole."""
        if self._task is None:
            return
        task, self._task = self._task, None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def look(self) -> Outcome | None:
        """One look: settle what can be settled, and tell `on_settled` if this look found it out."""
        await self._checkout.refresh()
        await self._checkout.cancel_withdrawn()
        outcome = await self._checkout.check()
        news = [outcome] if outcome and outcome.is_news else []
        for settled in (*self._checkout.untold(), *news):
            await self._on_settled(settled)
        return outcome

    async def try_to_look(self) -> None:
        """One look; if it fails, a later one may do better."""
        try:
            await self.look()
        except (PaymentError, StateError) as error:
            # Not knowing is no reason to stop asking.
            logger.warning("payment watcher: {!r}", error)
        except Exception:
            # A watcher that died of somebody's bug would leave a guest paying into nowhere.
            logger.exception("payment watcher")

    async def _watch(self) -> None:
        while True:
            await self.try_to_look()
            await self._sleep(self._interval_secs)
