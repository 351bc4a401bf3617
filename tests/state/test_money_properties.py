"""What holds for every sequence of orders, tips and payments; the properties are those of the design."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.money import Currency
from kiosk.state import ledger, manager
from kiosk.state.errors import InsufficientFundsError, StateError
from kiosk.state.schema import Line, Link, Terms
from kiosk.state.sessions import begin, change, load
from kiosk.state.stored import read_document

SESSION = "guest-1"
OPENING = Decimal("1000.00")
CENT = Decimal("0.01")

cents = st.integers(0, 120_000).map(lambda amount: Decimal(amount) / 100)
prices = st.lists(cents, max_size=12)
percentages = st.sampled_from([10, 15, 20])
lines = st.builds(
    Line,
    item=st.sampled_from(["Martini", "IPA", "Water"]),
    unit_price=st.sampled_from(["13.00", "6.00", "0.35", "0.00", "333.33"]),
    quantity=st.integers(1, 5),
    modifiers=st.sampled_from([(), ("dry",), ("neat", "double")]),
    without=st.sampled_from([(), ("olive",)]),
    note=st.sampled_from([None, "cold"]),
)
# A drink, what one costs in the smallest unit, how many, and how they are made.
drinks = st.tuples(
    st.sampled_from(["Martini", "IPA", "Water"]),
    st.sampled_from([1300, 600, 35, 0, 33_333]),
    st.integers(1, 5),
    st.sampled_from([(), ("dry",), ("neat", "double")]),
)
properties = settings(max_examples=150, deadline=None)


def kind_of(line: Line):
    return line.item, line.modifiers, line.without, line.note, line.unit_price


def half_up(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    return amount.quantize(unit, ROUND_HALF_UP)


def test_a_guest_starts_with_a_thousand_and_owes_nothing():
    store = {}
    manager.initialize_state(SESSION, store)
    state = manager.get_payment_state(SESSION, store)
    assert (state["balance"], state["tab_total"], state["payment_status"]) == (OPENING, 0, "pending")


# **Feature: stripe-payment, Property 1: Balance Deduction Consistency**
@properties
@given(price=cents.filter(lambda price: price <= OPENING))
def test_an_affordable_order_takes_exactly_its_price_from_the_balance(price):
    store = {}
    assert manager.atomic_order_update(SESSION, store, price) == (True, "", OPENING - price)
    assert manager.get_payment_state(SESSION, store)["balance"] == OPENING - price


# **Feature: stripe-payment, Property 2: Tab Accumulation Accuracy**
@properties
@given(ordered=prices)
def test_the_tab_is_the_sum_of_the_prices_that_were_accepted(ordered):
    store = {}
    accepted = [price for price in ordered if manager.atomic_order_update(SESSION, store, price)[0]]
    assert manager.get_order_total(SESSION, store) == sum(accepted, Decimal(0))


# **Feature: stripe-payment, Property 3: Insufficient Funds Rejection**
# **Feature: stripe-payment, Property 4: State Preservation on Rejection**
@properties
@given(spent=cents.filter(lambda price: price <= OPENING), more=cents)
def test_an_order_above_the_balance_is_refused_and_changes_nothing(spent, more):
    store = {}
    manager.update_order_state(SESSION, store, "add_item", {"item": "Tray", "unit_price": spent})
    before, balance = dict(store), OPENING - spent
    if more <= balance:
        more = balance + CENT
    assert manager.atomic_order_update(SESSION, store, more) == (False, "INSUFFICIENT_FUNDS", balance)
    try:
        manager.update_order_state(SESSION, store, "add_item", {"item": "Tray", "unit_price": more})
    except InsufficientFundsError:
        assert store == before
    else:
        raise AssertionError("the order was accepted")


# **Feature: stripe-payment, Property 5: Payment Completion State Reset**
@properties
@given(ordered=st.lists(lines, min_size=1, max_size=5), percentage=st.none() | percentages)
def test_a_completed_payment_empties_the_tab_and_leaves_the_balance(ordered, percentage):
    store = {}
    for line in ordered:
        try:
            change(SESSION, store, lambda session, line=line: ledger.with_line(session, line))
        except InsufficientFundsError:
            continue
    manager.set_tip(SESSION, store, percentage)
    before = manager.get_payment_state(SESSION, store)
    assert manager.atomic_payment_complete(SESSION, store)
    after = manager.get_payment_state(SESSION, store)
    assert (after["tab_total"], after["tip_amount"], after["tip_percentage"]) == (0, 0, None)
    assert after["payment_status"] == "completed"
    assert (after["balance"], after["version"]) == (before["balance"], before["version"] + 1)
    assert manager.get_current_order_state(SESSION, store) == []

    settled = dict(store)
    assert manager.atomic_payment_complete(SESSION, store)
    assert store == settled


# **Feature: stripe-payment, Tip: Calculation**
@properties
@given(tab=cents, percentage=percentages)
def test_the_tip_is_rounded_half_up_to_the_cent(tab, percentage):
    assert manager.calculate_tip(tab, percentage) == half_up(tab * percentage / 100)


# **Feature: stripe-payment, Tip: Toggle**
@properties
@given(tab=cents.filter(lambda tab: tab <= OPENING), percentage=percentages)
def test_choosing_the_same_tip_again_takes_it_off(tab, percentage):
    store = {}
    manager.atomic_order_update(SESSION, store, tab)
    tip = half_up(tab * percentage / 100)
    assert manager.set_tip(SESSION, store, percentage) == (tip, tab + tip)
    assert manager.set_tip(SESSION, store, percentage) == (0, tab)


# **Feature: stripe-payment, Tip: Removal**
@properties
@given(tab=cents.filter(lambda tab: tab <= OPENING), chosen=st.lists(st.none() | percentages, max_size=6))
def test_no_tip_leaves_the_tab_as_the_total(tab, chosen):
    store = {}
    manager.atomic_order_update(SESSION, store, tab)
    for percentage in chosen:
        manager.set_tip(SESSION, store, percentage)
    assert manager.set_tip(SESSION, store, None) == (0, tab)
    assert manager.get_payment_total(SESSION, store) == tab


# **Feature: stripe-payment, Tip: Renewal**
@properties
@given(ordered=st.lists(cents.filter(bool), min_size=1, max_size=8), percentage=percentages)
def test_a_drink_after_the_tip_leaves_the_percentage_and_renews_the_amount(ordered, percentage):
    store = {}
    first, *more = ordered
    assume(manager.atomic_order_update(SESSION, store, first)[0])
    manager.set_tip(SESSION, store, percentage)
    for price in more:
        manager.atomic_order_update(SESSION, store, price)
        state = manager.get_payment_state(SESSION, store)
        assert state["tip_percentage"] == percentage
        assert state["tip_amount"] == half_up(state["tab_total"] * percentage / 100)


# **Feature: stripe-payment, Tip: Never of the Balance**
@properties
@given(tab=cents.filter(lambda tab: tab <= OPENING), percentage=percentages)
def test_a_tip_takes_nothing_from_the_balance(tab, percentage):
    store = {}
    manager.atomic_order_update(SESSION, store, tab)
    manager.set_tip(SESSION, store, percentage)
    assert manager.get_payment_state(SESSION, store)["balance"] == OPENING - tab


def disputed_of(session):
    return [dispute.payment_id for dispute in session.disputed]


class OneVisit(RuleBasedStateMachine):
    """A session beside a plain model of it: lists of what was ordered, tipped and paid."""

    terms = Terms()
    unit = CENT
    most_rounding = Decimal(0)

    def __init__(self):
        super().__init__()
        self.store = {}
        begin(SESSION, self.store, self.terms)
        self.order: list[Line] = []
        self.percentage: int | None = None
        self.paid = Decimal(0)
        self.links = 0
        self.version = 0
        self.known: set[str] = set()
        self.dead: set[str] = set()

    @property
    def session(self):
        return load(SESSION, self.store)

    @property
    def tab(self) -> Decimal:
        return sum((line.total for line in self.order), Decimal(0))

    def step(self, decide) -> bool:
        before = self.session
        try:
            change(SESSION, self.store, decide)
        except StateError:
            assert self.session == before, "a refused change left something behind"
            return False
        return True

    def forget_the_tip_of_an_empty_tab(self):
        if not self.tab:
            self.percentage = None

    def a_line(self, item, units, quantity=1, modifiers=()):
        return Line(item=item, unit_price=units * self.unit, quantity=quantity, modifiers=modifiers)

    @rule(drink=drinks)
    def order_a_drink(self, drink):
        line = self.a_line(*drink)
        known = [other for other in self.order if other.is_like(line)]
        fits = sum(other.quantity for other in known) + line.quantity <= 99
        affordable = line.total <= self.terms.credit - self.paid - self.tab
        assert self.step(lambda session: ledger.with_line(session, line)) == (fits and affordable)
        if fits and affordable:
            self.order.append(line)
            self.forget_the_tip_of_an_empty_tab()

    @rule(item=st.sampled_from(["Martini", "IPA", "Water"]), quantity=st.none() | st.integers(1, 9))
    def take_off(self, item, quantity):
        before = self.session
        there = before.quantity_of(item)
        possible = there > 0 and (quantity or 0) <= there
        assert self.step(lambda session: ledger.without_item(session, item, quantity)) == possible
        if possible:
            assert self.session.quantity_of(item) == there - (quantity or there)
            others = [line for line in before.order if line.item != item]
            assert [line for line in self.session.order if line.item != item] == others
            self.order = list(self.session.order)
            self.forget_the_tip_of_an_empty_tab()

    @precondition(lambda self: self.order)
    @rule()
    def clear(self):
        assert self.step(ledger.cleared)
        self.order = []
        self.forget_the_tip_of_an_empty_tab()

    @rule(percentage=st.none() | percentages, toggle=st.booleans())
    def tip(self, percentage, toggle):
        assert self.step(lambda session: ledger.tipped(session, percentage, toggle=toggle))
        self.percentage = None if toggle and percentage == self.percentage else percentage

    @rule(answer=st.sampled_from(["made", "late", "refused", "unknown"]))
    def ask_for_a_link(self, answer):
        if not self.step(lambda session: ledger.payment_begun(session, SESSION, now=1_000)):
            return
        key = self.session.payment.idempotency_key or ""
        if self.session.link:
            return
        if answer in ("refused", "unknown"):
            known = answer == "refused"
            assert self.step(lambda session: ledger.link_not_made(session, key, outcome_is_known=known))
            assert (self.session.payment.idempotency_key is None) == known
            return
        self.links += 1
        amount = self.session.charge
        link = Link(payment_id=f"plink_{self.links}", url="https://pay", amount=amount, is_simulated=True)
        if answer == "late":
            self.order_a_drink(("Water", 35, 1, ()))
        assert self.step(lambda session: ledger.link_made(session, key, link))

    @precondition(lambda self: self.session.link)
    @rule(fate=st.sampled_from(["paid", "paid otherwise", "declined"]))
    def hear_from_the_provider(self, fate):
        link = self.session.link
        assert link
        arrived = link.amount if fate == "paid" else link.amount + 1
        for _ in range(2):
            if fate == "declined":
                assert self.step(lambda session: ledger.declined(session, link.payment_id))
            else:
                assert self.step(lambda session: ledger.settled(session, link.payment_id, arrived))
        if fate == "paid":
            self.paid += self.tab
            self.order, self.percentage = [], None
            assert self.session.payment.payment_status == "completed"
        else:
            assert self.session.payment.payment_status == "pending"
            assert (link.payment_id in disputed_of(self.session)) == (fate == "paid otherwise")

    @precondition(lambda self: self.session.withdrawn)
    @rule(was_paid=st.booleans())
    def hear_of_a_withdrawn_link(self, was_paid):
        link, before = self.session.withdrawn[0], self.session
        arrived = link.amount if was_paid else None
        assert self.step(lambda session: ledger.forgotten(session, link.payment_id, arrived))
        assert link not in self.session.withdrawn
        paid = link.covers.lines if link.covers else ()
        ordered = Counter({kind_of(line): line.quantity for line in before.order})
        wanted = Counter({kind_of(line): line.quantity for line in paid})
        if was_paid and link.covers and wanted <= ordered:
            self.paid += link.covers.tab
            self.order, self.percentage = list(self.session.order), None
            left = Counter({kind_of(line): line.quantity for line in self.session.order})
            assert left == ordered - wanted
            assert link.payment_id not in disputed_of(self.session)
        else:
            assert (link.payment_id in disputed_of(self.session)) == was_paid

    @precondition(lambda self: self.session.payment.idempotency_key)
    @rule()
    def withdraw(self):
        assert self.step(ledger.withdrawn)
        assert self.session.link is None

    @precondition(lambda self: self.session.abandoned)
    @rule()
    def hear_that_an_abandoned_attempt_left_nothing(self):
        key = self.session.abandoned[0]
        for _ in range(2):
            assert self.step(lambda session: ledger.attempt_searched(session, key, (), is_final=True))
        assert key not in self.session.abandoned

    @precondition(lambda self: self.session.abandoned or self.session.payment.idempotency_key)
    @rule(of_present=st.booleans(), fits=st.booleans(), is_final=st.booleans())
    def find_a_payment_that_nobody_put_on_record(self, of_present, fits, is_final):
        before = self.session
        keys = [before.payment.idempotency_key, *before.abandoned] if of_present else [*before.abandoned]
        key = next((key for key in keys if key), None)
        if key is None:
            return
        self.links += 1
        amount = before.charge if fits else before.charge + 1
        found = Link(payment_id=f"plink_{self.links}", url="", amount=amount, is_simulated=False)
        for _ in range(2):
            assert self.step(lambda session: ledger.attempt_searched(session, key, [found], is_final=is_final))
        is_present = key == before.payment.idempotency_key and before.payment.payment_status != "completed"
        if fits and is_present:
            self.paid += self.tab
            self.order, self.percentage = [], None
            assert self.session.history[-1].payment_id == found.payment_id
            assert before.link is None or before.link in self.session.withdrawn
        else:
            assert disputed_of(self.session).count(found.payment_id) == 1
        assert (key in self.session.abandoned) <= (not is_final)

    @rule()
    def choose_the_bar(self):
        before = self.session
        assert self.step(ledger.to_the_bar) == bool(self.tab)
        if self.tab:
            assert (self.session.link, self.session.payment.idempotency_key) == (None, None)
            assert before.link is None or before.link in self.session.withdrawn

    @rule()
    def staff_settle(self):
        owed = bool(self.tab or self.session.disputed or self.session.payment.needs_reconciliation)
        assert self.step(ledger.settled_by_staff) == owed
        if owed:
            self.paid += self.tab
            self.order, self.percentage = [], None
            assert not self.session.payment.needs_reconciliation
            assert self.session.disputed == ()

    @invariant()
    def every_link_is_followed_until_it_is_dead(self):
        session = self.session
        followed = {link.payment_id for link in (*session.withdrawn, *([session.link] if session.link else []))}
        self.dead |= self.known - followed
        assert not self.dead & followed, "a link came back"
        self.known |= followed
        if followed or session.abandoned:
            assert session.is_outstanding

    @invariant()
    def no_cent_is_lost(self):
        payment = self.session.payment
        assert payment.tab_total == self.tab
        assert payment.balance + payment.tab_total + self.paid == self.terms.credit
        assert sum((tab.tab for tab in self.session.history), Decimal(0)) == self.paid
        assert all(amount == half_up(amount, self.unit) for amount in (payment.balance, payment.tab_total))

    @invariant()
    def the_tip_follows_the_tab(self):
        payment = self.session.payment
        assert payment.tip_percentage == self.percentage
        assert payment.tip_amount == half_up(self.tab * (self.percentage or 0) / 100, self.unit)

    @invariant()
    def the_link_asks_for_tab_plus_tip(self):
        session = self.session
        if session.link:
            assert abs(session.link.amount - session.payment.total) <= self.most_rounding
            assert session.link.amount == session.charge
            assert session.payment.payment_status == "processing"
            assert session.payment.stripe_payment_id == session.link.payment_id

    @invariant()
    def only_an_open_tab_without_a_link_is_the_staffs_to_collect(self):
        session = self.session
        assert not session.pays_at_bar or (self.tab and session.link is None)
        assert (session.payment_status == "at_bar") == session.pays_at_bar

    @invariant()
    def equal_lines_are_one_line(self):
        order = self.session.order
        assert not any(a.is_like(b) for place, a in enumerate(order) for b in order[:place])

    @invariant()
    def the_version_never_goes_back(self):
        assert self.session.payment.version >= self.version
        self.version = self.session.payment.version

    @invariant()
    def the_document_says_all_of_it(self):
        if SESSION in self.store:
            assert read_document(self.store[SESSION]) == self.session

    @invariant()
    def its_money_is_text_with_just_the_decimals_of_the_currency(self):
        document = self.store[SESSION]
        written = [document["payment"][name] for name in ("balance", "tab_total", "tip_amount")]
        written += [line["unit_price"] for line in document["order"]]
        written += [tab[name] for tab in document["history"] for name in ("tab", "tip")]
        assert {Decimal(amount).as_tuple().exponent for amount in written} == {self.unit.as_tuple().exponent}


class OneVisitInYen(OneVisit):
    """The same where there are no decimals."""

    terms = Terms(currency=Currency("JPY"), credit=Decimal(100_000))
    unit = Decimal(1)


class OneVisitInDinars(OneVisit):
    """The same where there are three, and a card is charged in steps of ten fils."""

    terms = Terms(currency=Currency("KWD"), credit=Decimal("100.000"))
    unit = Decimal("0.001")
    most_rounding = Decimal("0.005")


few, many = (settings(max_examples=examples, stateful_step_count=40) for examples in (40, 100))


class TestOneVisit(OneVisit.TestCase):
    settings = few


@pytest.mark.slow
class TestManyVisits(OneVisit.TestCase):
    settings = many


@pytest.mark.slow
class TestManyVisitsInYen(OneVisitInYen.TestCase):
    settings = many


class TestOneVisitInDinars(OneVisitInDinars.TestCase):
    settings = few


@pytest.mark.slow
class TestManyVisitsInDinars(OneVisitInDinars.TestCase):
    settings = many
