"""What a conversation leaves is written whatever was said in it."""

import json
from decimal import Decimal

from kiosk.events import Heard, OrderChanged, OrderLine, Saying
from kiosk.results import Record, write
from kiosk.voice.turn_log import Turn

SAID = "Half a \ud83c smile,\0 \u202eand\n🍹"


def test_whatever_was_said_is_written_and_read_as_it_was(tmp_path):
    record = Record(voice_rate=16000)
    record.log.turns = [Turn(SAID, [SAID], [{"name": "get_menu", "arguments": {"what": SAID}, "result": {}}])]
    for event in (
        Heard(SAID, True),
        Saying(SAID, 3),
        OrderChanged((OrderLine(SAID, 1, (SAID,), Decimal(1)),), Decimal(1), Decimal(999)),
    ):
        record.publish(event)
    write(record, tmp_path, (480, 300), screens=True)
    [turn] = json.loads((tmp_path / "transcript.json").read_text(encoding="utf-8"))
    assert (turn["heard"], turn["said"], turn["tools"][0]["arguments"]["what"]) == (SAID, SAID, SAID)
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["heard", "saying", "order_changed"]
    assert events[0]["text"] == "Half a smile, and 🍹"
    assert (tmp_path / "final.png").stat().st_size > 1_000
