"""The bartender's tools: what can be done at this bar, for a language model, the house brain or a touch.

Every tool returns {"status": "ok", "result": …} or {"status": "error", "error": CODE, "message": …}.
Prices, ids and amounts come from the menu and the session, never from the arguments. What a tool
changes is one step in the store, and published right after it.
"""

import asyncio
import functools
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from loguru import logger
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema

from kiosk.bartender.menu_told import menu_told
from kiosk.bartender.order_lines import line_of
from kiosk.bartender.phases import PhaseManager
from kiosk.bartender.recommend import recommend
from kiosk.bartender.tool_arguments import (
    description_in,
    left_out_of,
    ordered_item_of,
    percentage_of,
    quantity_of,
    reason_of,
    text_of,
)
from kiosk.bartender.tool_schemas import OF_THE_HOUSE, PARAMETERS, tools_schema
from kiosk.events import Event, PaymentStatus
from kiosk.menu import Menu
from kiosk.money import as_number
from kiosk.payments.checkout import Checkout
from kiosk.payments.expiry import Expiry
from kiosk.payments.provider import PaymentError, PaymentProvider
from kiosk.state import care, ledger
from kiosk.state.errors import (
    DisputedPaymentError,
    InvalidTipError,
    NothingToPayError,
    PaysAtBarError,
    StateError,
    StoreError,
)
from kiosk.state.schema import Line, Session, Terms
from kiosk.state.sessions import AnyStore, Change, begin

Answer = dict[str, Any]
Arguments = ParamSpec("Arguments")

# Calls whose answers are remembered, so that one that is repeated is not done again. If a model
# repeats a call at all, then within its turn; this is hours of ordering.
REMEMBERED_CALLS = 512

# How long an answer waits for the links that it made void to be dead.
WITHDRAW_SECS = 2.0

_PAYMENT_TROUBLE = "Cards aren't working just now. Your tab is safe: pay at the bar, or ask me again in a moment."
_STORE_TROUBLE = "The tab cannot be reached just now; nothing was changed. Try again, or ask the staff."


def _coded(
    tool: "Callable[Concatenate[BarTools, Arguments], Awaitable[Answer]]",
) -> "Callable[Concatenate[BarTools, Arguments], Awaitable[Answer]]":
    """The one place where what went wrong becomes a coded answer."""

    @functools.wraps(tool)
    async def answer(self: "BarTools", *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        try:
            return {"status": "ok", "result": await tool(self, *args, **kwargs)}
        except StoreError as error:
            # What is wrong with a file is for the log, not for a guest's ears.
            logger.error("{}: {}", error.code, error)
            return {"status": "error", "error": error.code, "message": _STORE_TROUBLE}
        except PaymentError as error:
            # What a service says is not Maya's to read out, and not a model's to heed.
            logger.error("{}: {}", error.code, error)
            return {"status": "error", "error": error.code, "message": _PAYMENT_TROUBLE}
        except StateError as error:
            return {"status": "error", "error": error.code, "message": str(error)}

    return answer


class BarTools:
    """The tools of one guest's session; a session that is not in the store begins with them.

    Parameters:
        publish: told of every change, right after it is stored.
        expiry: when unpaid links are withdrawn; one for all visits of a process.
        clock: seconds since the epoch, for documents and offers.

    Attributes:
        checkout: the session's payments, for a `PaymentWatcher` to look at.
        phases: how far the visit is.
    """

    def __init__(
        self,
        session_id: str,
        store: AnyStore,
        menu: Menu,
        payments: PaymentProvider,
        publish: Callable[[Event], None],
        *,
        expiry: Expiry | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.session_id = session_id
        self.store = store
        self.menu = menu
        self._clock = clock
        self.phases = PhaseManager(session_id, store, menu, clock)
        self.checkout = Checkout(session_id, store, payments, publish, expiry=expiry, clock=clock)
        self._calls: OrderedDict[str, asyncio.Task[Answer]] = OrderedDict()
        self._withdrawing: asyncio.Task[None] | None = None
        self._taken_off: tuple[Line, ...] = ()
        bar = menu.bar
        begin(session_id, store, Terms(currency=bar.currency, tips=bar.tips, credit=bar.opening_credit))

    def schemas(self) -> ToolsSchema:
        """The tools as a language model is told of them."""
        return tools_schema(self.menu.bar.tips)

    async def call(self, name: str, arguments: Any, tool_call_id: str) -> Answer:
        """Do the tool `name` once for a `tool_call_id`: a repeated or simultaneous call gets the same answer.

        Whoever waits here may be cancelled; the tool itself runs to its end.
        """
        if tool_call_id not in self._calls:
            given = arguments if isinstance(arguments, Mapping) else {}
            known = {key: given[key] for key in (PARAMETERS | OF_THE_HOUSE)[name] if key in given}
            self._calls[tool_call_id] = asyncio.create_task(getattr(self, name)(**known), name=f"tool {name}")
            self._forget_old_calls()
        return await asyncio.shield(self._calls[tool_call_id])

    async def close(self) -> None:
        """Wait for the calls that are still running."""
        await asyncio.gather(*self._calls.values(), return_exceptions=True)
        if self._withdrawing:
            await asyncio.gather(self._withdrawing, return_exceptions=True)

    @_coded
    async def get_menu(self) -> Answer:
        """Everything on the menu, by category, at the prices of this moment."""
        return menu_told(self.menu, self._now())

    @_coded
    async def get_recommendation(self, preference: object = "") -> Answer:
        """One to three items for what the guest is in the mood for."""
        said = text_of(preference or "")
        alcohol_free = (await self._session()).alcohol_free
        items = [
            {"name": item.name, "price": as_number(self.menu.price_of(item, self._now()))}
            for item in recommend(self.menu, said, alcohol_free=alcohol_free)
        ]
        return {"preference": said, "items": items}

    @_coded
    async def add_to_order_with_balance(
        self,
        item_name: object = "",
        modifiers: object = None,
        quantity: object = 1,
        without: object = None,
        note: object = None,
    ) -> Answer:
        """Put `quantity` of an item on the order and its price on the tab, if the balance covers it."""
        line = line_of(self.menu, item_name, modifiers, quantity, without, note, self._now())
        line = self._at_its_old_price(line)

        def ordered(session: Session) -> Session:
            care.refuse_alcohol(session, line, self._has_alcohol)
            return ledger.with_line(session, line)

        await self._change(ordered)
        return {**_told(line), **await self._new_figures()}

    # The name by which earlier prompts call it.
    add_to_order = add_to_order_with_balance

    @_coded
    async def remove_from_order(self, item_name: object = "", quantity: object = None) -> Answer:
        """Take `quantity` (None: all) of an item off the order, newest line first; give its price back.

        "Dirty martini" means those among the Martinis on the order, if there are any of them.
        """
        number = None if quantity is None else quantity_of(quantity)
        item = ordered_item_of(self.menu, item_name, await self._session())
        told, without = description_in(self.menu, item_name), left_out_of(self.menu, item_name)
        made = await self._change(lambda session: ledger.without_item(session, item, number, told, without))
        self._taken_off = tuple(line for line in made.before.order if line not in made.after.order)
        removed = made.before.quantity_of(item) - made.after.quantity_of(item)
        which = {} if told is None else {"modifiers": list(told)}
        which |= {"without": list(without)} if without else {}
        return {"item": item, "quantity": removed, **which, **await self._new_figures()}

    @_coded
    async def clear_order(self) -> Answer:
        """Take everything off the order; an empty order stays empty."""
        made = await self._change(ledger.cleared)
        removed = [{"item": line.item, "quantity": line.quantity} for line in made.before.order]
        return {"removed": removed, **await self._new_figures()}

    @_coded
    async def get_order(self) -> Answer:
        """The lines of the open tab, oldest first."""
        session = await self._session()
        lines = [_told(line) | {"line_total": as_number(line.total)} for line in session.order]
        return {"lines": lines, "tab": as_number(session.payment.tab_total)}

    @_coded
    async def get_balance(self) -> Answer:
        """What the guest has left, and the tab."""
        payment = (await self._session()).payment
        return {"balance": as_number(payment.balance), "tab": as_number(payment.tab_total)}

    @_coded
    async def set_tip(self, percentage: object = None) -> Answer:
        """Set the tip to one of those that the bar offers, in place of the one before; None takes it off."""
        return await self._tip(percentage_of(percentage), toggle=False)

    @_coded
    async def toggle_tip(self, percentage: int) -> Answer:
        """Set the tip, or take it off where it is this one already. For the button, not for the model."""
        return await self._tip(percentage, toggle=True)

    @_coded
    async def get_tip(self) -> Answer:
        """The tip, the tab and the total."""
        return _tip_figures(await self._session())

    @_coded
    async def create_stripe_payment(self) -> Answer:
        """Show a link for tab plus tip; the one that is out already, if there is one."""
        shown = await self.checkout.open_link(self.menu.bar.name)
        return {
            "url": shown.link.url,
            "payment_id": shown.link.payment_id,
            "is_simulated": shown.link.is_simulated,
            "amount": as_number(shown.link.amount),
        } | ({} if shown.is_recorded else {"needs_reconciliation": True})

    @_coded
    async def check_payment_status(self) -> Answer:
        """Ask whether the link that is out was paid, and settle the tab if so."""
        outcome = await self.checkout.check()
        if outcome and outcome.status is PaymentStatus.CANCELLED:
            raise NothingToPayError("The tab has changed, so that code does not count any more.")
        if outcome and outcome.is_disputed:
            raise DisputedPaymentError("A payment arrived that does not match the tab. Please ask the staff.")
        if outcome:
            return {"payment_status": outcome.status.value, "amount": as_number(outcome.amount)}
        session = await self._session()
        if _is_paid(session):
            paid = session.history[-1]
            return {"payment_status": PaymentStatus.SUCCEEDED.value, "amount": as_number(session.arrived(paid))}
        if session.pays_at_bar:
            raise PaysAtBarError("No payment is under way, because you pay at the bar.")
        raise NothingToPayError("No payment is under way: there is no code.")

    @_coded
    async def pay_at_bar(self) -> Answer:
        """Leave the tab to the staff: it stays open and is marked, and a link that is out is made void.

        A payment that arrives on that link at the same moment counts, and is the answer.
        """
        session = await self._session()
        if not _is_paid(session):
            made = await self._withdrawing_links(await self.checkout.leave_to_the_bar())
            session = await self._session()
            if session.payment.tab_total:
                return {**_tip_figures(session), "payment_status": "at_bar", "code": _fate_of_code(made, session)}
            if not _is_paid(session):
                raise NothingToPayError("There is nothing to pay: the tab is empty.")
        paid = session.history[-1]
        self.checkout.note_told(paid.payment_id)
        return {"payment_status": PaymentStatus.SUCCEEDED.value, "amount": as_number(session.arrived(paid))}

    @_coded
    async def call_staff(self, reason: object = "") -> Answer:
        """Call the staff, once for the same reason within a short time."""
        why, now = reason_of(reason), self._clock()
        made = await self.checkout.change(lambda session: care.staff_called(session, why, now))
        return {"reason": why, "is_called_already": made.after is made.before}

    @_coded
    async def serve_no_alcohol(self) -> Answer:
        """Serve none from now on, and take off what was ordered of it. For the house, not for a model."""
        made = await self._change(lambda session: care.served_no_alcohol(session, self._has_alcohol))
        removed = [_told(line) for line in made.before.order if line not in made.after.order]
        return {"legal_age": self.menu.bar.legal_age, "removed": removed, **await self._new_figures()}

    @_coded
    async def cancel_payment(self) -> Answer:
        """Withdraw the link that is out, tab unchanged. For the kiosk itself, not for the model."""
        await self._change(ledger.withdrawn)
        return await self._new_figures()

    async def _tip(self, percentage: object, *, toggle: bool) -> Answer:
        def tipped(session: Session) -> Session:
            chosen = ledger.offered_tip(session.terms, percentage)
            if chosen is not None and not session.payment.tab_total:
                raise InvalidTipError("There is nothing on the tab to tip on.")
            return ledger.tipped(session, chosen, toggle=toggle)

        await self._change(tipped)
        return _tip_figures(await self._session())

    def _has_alcohol(self, line: Line) -> bool:
        # What is no longer on the menu may have some.
        return next((item.alcohol for item in self.menu.items if item.name == line.item), True)

    async def _session(self) -> Session:
        return await self.checkout.session()

    async def _change(self, decide: Callable[[Session], Session]) -> Change:
        made = await self.checkout.change(decide)
        self._taken_off = ()
        return await self._withdrawing_links(made)

    async def _withdrawing_links(self, made: Change) -> Change:
        if made.after.withdrawn or made.after.abandoned:
            # The change is made and told; that the old link dies is the rest of it. Should it turn out
            # to have been paid, the tab is less again: so answers tell the figures that hold after this.
            # But no guest waits long for a provider; the watcher goes on with it.
            self._withdrawing = asyncio.create_task(self.checkout.cancel_withdrawn(), name="withdraw links")
            await asyncio.wait({self._withdrawing}, timeout=WITHDRAW_SECS)
        return made

    async def _new_figures(self) -> Answer:
        payment = (await self._session()).payment
        return {"new_tab": as_number(payment.tab_total), "new_balance": as_number(payment.balance)}

    def _at_its_old_price(self, line: Line) -> Line:
        """`line`; put back right after it was taken off, it costs no more than it did, though an offer has ended."""
        for old in self._taken_off:
            if line.is_like(old.model_copy(update={"unit_price": line.unit_price})):
                return line.model_copy(update={"unit_price": min(old.unit_price, line.unit_price)})
        return line

    def _now(self) -> datetime:
        """The moment by the bar's own clock."""
        return datetime.fromtimestamp(self._clock())

    def _forget_old_calls(self) -> None:
        for tool_call_id in list(self._calls)[:-REMEMBERED_CALLS]:
            if self._calls[tool_call_id].done():
                del self._calls[tool_call_id]


def _told(line: Line) -> Answer:
    """A line as a model is told of it."""
    told = {"item": line.item, "quantity": line.quantity, "modifiers": list(line.modifiers)}
    told |= {"without": list(line.without)} if line.without else {}
    told |= {"note": line.note} if line.note else {}
    return told | {"unit_price": as_number(line.unit_price)}


def _tip_figures(session: Session) -> Answer:
    payment = session.payment
    return {
        "tip_percentage": payment.tip_percentage,
        "tip_amount": as_number(payment.tip_amount),
        "tab": as_number(payment.tab_total),
        "total": as_number(payment.total),
    }


def _is_paid(session: Session) -> bool:
    """Whether nothing was ordered since the last tab was paid."""
    return session.payment.payment_status == "completed" and bool(session.history)


def _fate_of_code(made: Change, now: Session) -> str:
    """What has become of the code that was on the screen when the guest chose the bar."""
    if now.withdrawn:
        return "may_still_be_paid"
    return "void" if made.before.link or made.before.withdrawn else "none"
