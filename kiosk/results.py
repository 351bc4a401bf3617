"""What a replayed conversation leaves: transcript, state, events, Maya's voice, pictures and latencies."""

import io
import json
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.bartender.tools import BarTools
from kiosk.display.scene import Scene
from kiosk.display.window import png
from kiosk.events import Event, Heard, Listening, Mouth, Saying, ServiceChanged, Speaking
from kiosk.files import write_whole, written
from kiosk.settings import find_assets
from kiosk.state.schema import Session
from kiosk.state.sessions import load
from kiosk.voice.clock import ConversationClock
from kiosk.voice.turn_log import TurnLog

# What changes on the screen too slightly, or too often, for a picture of its own.
UNSEEN = (Mouth, Speaking, Listening, ServiceChanged)


@dataclass
class Record:
    """What came of a conversation: its events with their moments, its turns and Maya's voice.

    Parameters:
        clock: the conversation's; moments are its seconds.
        voice: 16-bit mono sound at `voice_rate`.
        state: the session at the end, as JSON values.
    """

    clock: ConversationClock = field(default_factory=ConversationClock)
    log: TurnLog = field(default_factory=TurnLog)
    events: list[tuple[float, Event]] = field(default_factory=list)
    voice: bytes = b""
    voice_rate: int = 0
    state: dict[str, Any] = field(default_factory=dict)

    def publish(self, event: Event) -> None:
        """Keep `event` with the moment it happened at."""
        self.events.append((self.clock.seconds, event))


def state_of(tools: BarTools) -> dict[str, Any]:
    """The session of `tools` as JSON values, money as text."""
    session: Session = load(tools.session_id, tools.store, must_exist=True)
    payment = session.payment
    return {
        "session_id": tools.session_id,
        "phase": session.conversation.phase,
        "order": [
            {
                "item": line.item,
                "quantity": line.quantity,
                "modifiers": list(line.modifiers),
                "without": list(line.without),
                "note": line.note,
                "unit_price": str(line.unit_price),
            }
            for line in session.order
        ],
        "tab": str(payment.tab_total),
        "tip_percentage": payment.tip_percentage,
        "tip": str(payment.tip_amount),
        "total": str(payment.total),
        "balance": str(payment.balance),
        "payment_status": session.payment_status,
        "payment_id": payment.stripe_payment_id,
        "version": payment.version,
    }


def write(record: Record, out: Path, size: tuple[int, int], *, screens: bool) -> None:
    """Write all files of `record` to the folder `out`, each one whole.

    Raises:
        FileError: the system refuses one.
    """
    _write_json(out / "transcript.json", record.log.transcript())
    _write_json(out / "state.json", record.state)
    _write_json(out / "latency.json", record.log.latencies())
    lines = [
        json.dumps({"t": round(at, 3), "event": event.name, **event.fields()}, ensure_ascii=False)
        for at, event in record.events
    ]
    _write_text(out / "events.jsonl", "".join(f"{line}\n" for line in lines))
    write_whole(out / "maya.wav", _wav(record.voice, record.voice_rate))
    _draw(record, out, size, screens=screens)


def _draw(record: Record, out: Path, size: tuple[int, int], *, screens: bool) -> None:
    scene = Scene(size, find_assets())
    folder = out / "screens"
    if screens:
        with written(folder):
            folder.mkdir(exist_ok=True)
            for old in folder.glob("*.png"):
                old.unlink()
    moment = 0.0
    shown: str | None = None
    for number, (at, event) in enumerate(record.events):
        moment = max(moment, at)
        scene.apply(event, moment)
        is_more_of_the_same = isinstance(event, Saying) and event.text == shown
        if isinstance(event, Saying):
            shown = event.text
        if screens and not (is_more_of_the_same or isinstance(event, UNSEEN) or _is_interim(event)):
            write_whole(folder / f"{number:05d}_{event.name}.png", png(scene.draw(moment)))
    write_whole(out / "final.png", png(scene.draw(scene.settled_at(moment))))


def _is_interim(event: Event) -> bool:
    return isinstance(event, Heard) and not event.final


def _wav(pcm: bytes, rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(pcm)
    return buffer.getvalue()


def _write_json(path: Path, values: Any) -> None:
    _write_text(path, json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def _write_text(path: Path, text: str) -> None:
    # Half a character, which a model may say, has no form in UTF-8; what replaces it is how JSON writes it.
    write_whole(path, text.encode(errors="backslashreplace"))
