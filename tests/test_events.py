import json
import threading
from decimal import Decimal

from kiosk.events import EventBus, Heard, OrderChanged, OrderLine, PaymentChanged, PaymentStatus


def test_an_event_is_named_as_the_log_names_it():
    assert Heard("hi", final=True).name == "heard"
    assert OrderChanged((), Decimal(0), Decimal(0)).name == "order_changed"


def test_fields_are_json_with_money_as_text():
    line = OrderLine("Gin", 2, ("neat",), Decimal("8.00"), ("lime",), "in a cold glass")
    event = OrderChanged((line,), Decimal("16.00"), Decimal("984.00"))
    assert json.loads(json.dumps(event.fields())) == {
        "lines": [
            {"item": "Gin", "quantity": 2, "modifiers": ["neat"], "unit_price": "8.00"}
            | {"without": ["lime"], "note": "in a cold glass"}
        ],
        "tab": "16.00",
        "balance": "984.00",
    }


def test_a_status_is_written_as_its_word():
    event = PaymentChanged(PaymentStatus.SUCCEEDED, None, Decimal(1), Decimal(0), Decimal(999), True)
    assert json.loads(json.dumps(event.fields()))["status"] == "succeeded"


def test_every_subscriber_gets_every_event_in_order_from_any_thread():
    bus = EventBus()
    first, second = bus.subscribe(), bus.subscribe()
    threads = [
        threading.Thread(target=lambda n=n: [bus.publish(Heard(f"{n}-{i}", True)) for i in range(200)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = [first.get_nowait() for _ in range(800)]
    assert received == [second.get_nowait() for _ in range(800)]
    for n in range(4):
        mine = [event.text for event in received if isinstance(event, Heard) and event.text.startswith(f"{n}-")]
        assert mine == [f"{n}-{i}" for i in range(200)]
