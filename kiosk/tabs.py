"""`tabs`: the tabs that are open or do not add up, for the staff, and how they settle one."""

import asyncio
import contextlib
import datetime
from collections.abc import Iterator

from kiosk.errors import OperatorError
from kiosk.events import Event
from kiosk.menu import Menu
from kiosk.payments.checkout import Checkout
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import payments_of
from kiosk.program import program
from kiosk.security.card_numbers import without_cards
from kiosk.settings import Settings
from kiosk.state import ledger
from kiosk.state.errors import DamagedError, InvalidSessionError, StateError
from kiosk.state.schema import Session
from kiosk.state.sessions import AnyStore, change, load, outstanding, recover
from kiosk.state.store import Store, open_store, without_password


class TabsError(OperatorError):
    """A tab that cannot be settled."""


def show(settings: Settings) -> None:
    """Print each tab that is open or does not add up, oldest first."""
    with open_store(settings.store_url) as store:
        found = {session_id: at for session_id, at in outstanding(store).items() if _concerns_staff(session_id, store)}
        if not found:
            print(f"No open tabs in {without_password(settings.store_url)}")
            return
        width = max(len(_shown(session_id)) for session_id in found)
        print(f"{'SESSION':<{width}}  {'LAST CHANGE':<16}  {'TAB':>10}  {'TIP':>9}  {'TOTAL':>10}  WHY")
        for session_id, changed_at in found.items():
            print(f"{_shown(session_id):<{width}}  {_moment(changed_at):<16}  {_figures(session_id, store)}")
        print(f'\nTo settle one: {program()} tabs settle SESSION --note "paid 14.95 in cash, Ana"')


def settle(settings: Settings, session_id: str, note: str) -> None:
    """Note that the staff have settled the tab of `session_id`; its payment link is killed first.

    Of a tab that cannot be read nothing is known but what may still be paid; it is settled all the same.

    Raises:
        TabsError: there is no such tab, or nothing to settle on it.
    """
    # The journal is never changed, so nothing may come into it that must not stay.
    note = without_cards(note.strip())
    if not note:
        raise TabsError('a note is needed, for whoever asks later: --note "paid 14.95 in cash, Ana"')
    with open_store(settings.store_url) as store:
        try:
            is_damaged = recover(session_id, store)
            asyncio.run(_kill_its_links(settings, session_id, store))
            made = change(session_id, store, ledger.settled_by_staff, must_exist=True, note=note)
        except StateError as error:
            raise TabsError(f"{str(error).rstrip('.')}. The open tabs: {program()} tabs") from None
    print(f"{session_id}: settled, {made.before.payment.total}. Noted: {note}")
    if is_damaged:
        print("Its document could not be read: what it came to is known only to whoever served it.")
    for dispute in made.before.disputed:
        print(f"{dispute.payment_id}: {dispute.paid} had arrived there; refund at Stripe what is too much.")
    for link in made.after.withdrawn:
        print(f"{link.payment_id}: this link can still be paid; the kiosk withdraws it as soon as Stripe answers.")


def journal(settings: Settings, session_id: str | None) -> None:
    """Print what happened to the money of one session, or of all, oldest first."""
    with open_store(settings.store_url) as store:
        written = store.journal(session_id) if isinstance(store, Store) else ()
    for line in written:
        entry = line.entry
        words = "  ".join(filter(None, [entry.payment_id, entry.note]))
        print(f"{_moment(line.at)}  {line.session_id}  {entry.kind:<8}  {entry.amount:>10}  {words}".rstrip())


async def _kill_its_links(settings: Settings, session_id: str, store: AnyStore) -> None:
    menu = Menu.load(settings.menu)
    payments = payments_of(settings, menu.bar.currency, SimulatedPayments(None, currency=menu.bar.currency))
    checkout = Checkout(session_id, store, payments, _nobody_sees)
    try:
        await checkout.change(ledger.withdrawn)
        await checkout.cancel_withdrawn()
    finally:
        await payments.close()


def _concerns_staff(session_id: str, store: AnyStore) -> bool:
    # A link that may have been made, and that nobody was shown, is the kiosk's alone to look for.
    try:
        return any(_reasons(load(session_id, store)))
    except (DamagedError, InvalidSessionError):
        return True


def _figures(session_id: str, store: AnyStore) -> str:
    try:
        session = load(session_id, store)
    except (DamagedError, InvalidSessionError) as error:
        return f"{'?':>10}  {'?':>9}  {'?':>10}  cannot be read: {error}"
    payment = session.payment
    reasons = ", ".join(_reasons(session))
    return f"{payment.tab_total:>10}  {payment.tip_amount:>9}  {payment.total:>10}  {reasons}"


def _reasons(session: Session) -> Iterator[str]:
    for dispute in session.disputed:
        asked = "for what had been taken off" if dispute.reason == "changed" else f"instead of {dispute.asked}"
        asked = asked if dispute.asked else "for a tab whose document could not be read"
        yield f"{dispute.paid} arrived at {dispute.payment_id} {asked}"
    if session.payment.needs_reconciliation and not session.disputed:
        yield "compare with Stripe: the kiosk's records were late"
    if session.link:
        yield "its code is on the screen"
    elif session.pays_at_bar:
        yield "pays at the bar" if session.at_bar == "chosen" else "pays at the bar, for no code could be made"
    elif session.payment.tab_total:
        yield "open"
    for call in session.staff_calls:
        yield f"called the staff: {call.reason}"
    if session.withdrawn:
        yield "a withdrawn code may still be paid"


def _moment(at: float) -> str:
    # A clock that is years off, or a damaged file, may say anything.
    with contextlib.suppress(ValueError, OverflowError, OSError):
        if at:
            return f"{datetime.datetime.fromtimestamp(at):%Y-%m-%d %H:%M}"
    return "?"


def _shown(session_id: str) -> str:
    return session_id if session_id.isprintable() else ascii(session_id)


def _nobody_sees(_event: Event) -> None:
    """The guest has gone."""
