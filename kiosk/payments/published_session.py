"""The session of one visit in its store: every change of it is published right after it is stored."""

import asyncio
from collections.abc import Callable, Collection

from loguru import logger

from kiosk.events import Event, Level, Notice
from kiosk.links import is_page_of
from kiosk.payments.expiry import Expiry
from kiosk.state import ledger
from kiosk.state.news import news_of
from kiosk.state.schema import Link, Session
from kiosk.state.sessions import AnyStore, Change, change, load


class PublishedSession:
    """One session, as the rest of this process sees and changes it.

    Parameters:
        publish: told of every change, right after it is stored.
        expiry: when links are withdrawn unpaid.
        page_hosts: where the pages of payment links are. A link to anywhere else may stand in a store that others write
            to, or from before the settings were changed: it is withdrawn before anybody sees it, and what else its
            attempt has made is looked for.
    """

    def __init__(
        self,
        session_id: str,
        store: AnyStore,
        publish: Callable[[Event], None],
        expiry: Expiry,
        page_hosts: Collection[str],
    ) -> None:
        self.session_id = session_id
        self.store = store
        self._publish = publish
        self._expiry = expiry
        self._page_hosts = page_hosts
        self._storing = asyncio.Lock()
        self._seen: Session | None = None

    @property
    def last_seen(self) -> Session:
        """The session as it was when it was last published here."""
        return self._seen or Session()

    def secs_left(self, link: Link) -> float | None:
        """For how many seconds `link` still counts; None: it does not expire."""
        return self._expiry.left(link)

    async def session(self) -> Session:
        """The session as it now is."""
        now = await asyncio.to_thread(load, self.session_id, self.store, must_exist=True)
        return now if self._may_be_shown(now.link) else (await self.change(lambda session: session)).after

    async def refresh(self) -> None:
        """Publish what others changed in this session: the staff, or another process."""
        await self.session()
        async with self._storing:
            now = await asyncio.to_thread(load, self.session_id, self.store, must_exist=True)
            now = self._without_strange_link(now)
            self._tell(now, now)

    async def change(self, decide: Callable[[Session], Session]) -> Change:
        """One step of the session, stored and then published; steps are published in the order they are stored."""

        def decided(session: Session) -> Session:
            return decide(self._without_strange_link(session))

        async with self._storing:
            made = await asyncio.to_thread(change, self.session_id, self.store, decided, must_exist=True)
            self._tell(made.before, made.after)
        for dispute in made.after.disputed[len(made.before.disputed) :]:
            logger.error("{} of {}: {} arrived, {}", dispute.payment_id, self.session_id, dispute.paid, dispute.reason)
            text = "A payment arrived that does not match the tab. Please ask the staff."
            self._publish(Notice("payment_dispute", text, Level.WARNING, of_visit=True))
        return made

    def _tell(self, before: Session, after: Session) -> None:
        for event in news_of(Change(self._seen or before, after), self.secs_left):
            self._publish(event)
        self._seen = after

    def _may_be_shown(self, link: Link | None) -> bool:
        return link is None or is_page_of(link.url, self._page_hosts)

    def _without_strange_link(self, session: Session) -> Session:
        if self._may_be_shown(session.link):
            return session
        logger.error("the link of {} leads to no page of the provider's: it is withdrawn", self.session_id)
        return ledger.disowned(session)
