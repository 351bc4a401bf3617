"""Guests come and go: who is at the counter, when a silent one is asked, and when the next may come."""

from typing import Protocol

from loguru import logger

from kiosk.state.schema import Session
from kiosk.voice.floor import Floor

# A guest with a code on the screen has the phone in hand, and is not asked before so many times as long.
PAYING_PATIENCE = 4.0


class Host(Protocol):
    """What a `Presence` asks of the conversation."""

    async def session(self) -> Session:
        """The guest's visit as it now stands."""
        ...

    async def ask_whether_there(self) -> None:
        """Say something to a guest who has fallen silent."""
        ...

    async def say_goodbye(self) -> None:
        """Say it to one who seems to have gone."""
        ...

    async def await_next(self) -> None:
        """Forget the guest and be ready for the next."""
        ...


class Presence:
    """Watches over the visits at one counter.

    A visit is on from the moment at which Maya has said something: to a greeting, an order or a touch.
    A noise that nobody understands begins none.

    Parameters:
        idle_secs: how long nobody speaks or touches before the guest is asked, once; and again so long
            before the guest counts as gone.
    """

    def __init__(self, floor: Floor, host: Host, idle_secs: float) -> None:
        self._floor = floor
        self._host = host
        self._idle_secs = idle_secs

    async def watch(self) -> None:
        """See every guest off, until cancelled."""
        while True:
            await self._floor.wait_until_maya_speaks()
            await self._until_gone()
            signs = self._floor.signs_of_a_guest
            await self._host.say_goodbye()
            await self._floor.wait_until_free()
            if self._floor.signs_of_a_guest == signs:
                logger.info("the guest has gone")
                await self._host.await_next()
                self._floor.forget_that_maya_spoke()

    async def _until_gone(self) -> None:
        asked_at = -1
        while True:
            await self._floor.wait_until_free()
            patience = PAYING_PATIENCE if (await self._host.session()).link else 1.0
            if not await self._floor.stays_free(self._idle_secs * patience):
                continue
            session = await self._host.session()
            has_paid = session.history and not session.payment.tab_total
            # Who pays the staff has nothing more to do here; the tab stays open for them.
            is_done = has_paid or session.at_bar == "chosen"
            if is_done or asked_at == self._floor.signs_of_a_guest:
                return
            asked_at = self._floor.signs_of_a_guest
            await self._host.ask_whether_there()
