"""Nonsense for everything that reads what others have written: no crash, no hang, no effect on money.

uv run python -m tests.fuzz                all of it: 100,000 texts, 10,000 each of the rest
uv run python -m tests.fuzz --share 0.01   a hundredth of it
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from loguru import logger
from pipecat.frames.frames import LLMContextFrame
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.tests.utils import run_test

from kiosk import logs
from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu, MenuError
from kiosk.payments.provider import PaymentError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import StripeMCPClient
from kiosk.security.scanner import scan_input, scan_output
from kiosk.settings import find_assets
from kiosk.state.sessions import load
from kiosk.understanding.reader import understand
from kiosk.voice.cartesia_tts import CartesiaVoice
from kiosk.voice.gemini import GeminiBartender
from kiosk.voice.recording import RecordingError, read_turns
from tests.evening import Evening, spoken
from tests.fakes import cartesia, gemini
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini
from tests.fakes.stripe import FakeStripe
from tests.menu.menus import RICH
from tests.payments.stripe_desk import settings_for
from tests.voice.listening import answer

MENU = Menu.load(find_assets() / "menu.toml")
START = Decimal("1000.00")
HERE = Path(__file__).parent
# A single reader that takes longer hangs: the slowest of these take a thousandth of it.
HANG_SECS = 60.0
JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, -1e308, "", "\x00", "﷽" * 50, [], {}, [[[[]]]], {"type": {}}, "NaN", "../../etc/passwd",
)  # fmt: skip


class Fuzz:
    """Everything that can be made nonsense of, from one seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._random = random.Random(seed)
        self._folder = folder
        said = (HERE / "security" / "corpora" / "injections.txt").read_text(encoding="utf-8")
        said += (HERE / "security" / "corpora" / "innocent.txt").read_text(encoding="utf-8")
        said += " ".join(f"{item.name} {' '.join(item.synonyms)}" for item in MENU.items)
        self._words = [*said.split(), *"two 3 minus -1 1e9 remove no double pay tip 15% yes all tab clear".split()]

    def text(self) -> str:
        """Words of the bar and of attacks, junk, or both."""
        words = self._random.choices(self._words, k=self._random.randrange(1, 14))
        if self._random.random() < 0.4:
            item = self._random.choice(MENU.items).name
            words = self._random.choice([["two", item], [item, "please"], ["no", item], ["a", item, "and", *words[:3]]])
        joined = self._random.choice([" ", " ", " ", "", "\n", ". ", "\u200b"]).join(words)
        if self._random.random() < 0.3:
            place = self._random.randrange(len(joined) + 1)
            junk = "".join(chr(self._random.randrange(0x20, 0xD7FF)) for _ in range(self._random.randrange(20)))
            joined = joined[:place] + junk + joined[place:]
        return joined * 60 if self._random.random() < 0.002 else joined

    def mangled(self, content: bytes) -> bytes:
        """`content` with a few bytes, or a value of its JSON, made something else."""
        if self._random.random() < 0.5:
            start = content.find(b"{")
            try:
                value, end = json.JSONDecoder().raw_decode(content[start:].decode())
            except ValueError:
                pass
            else:
                changed = json.dumps(self._with_junk(value), ensure_ascii=False).encode("utf-8", "replace")
                return content[:start] + changed + content[start + len(content[start:].decode()[:end].encode()) :]
        changed = bytearray(content)
        for _ in range(self._random.randrange(1, 6)):
            place = self._random.randrange(len(changed) + 1)
            match self._random.randrange(5):
                case 0:
                    changed[place : place + 1] = bytes([self._random.randrange(256)])
                case 1:
                    del changed[place : place + self._random.randrange(1, 40)]
                case 2:
                    changed[place:place] = self._random.randbytes(self._random.randrange(1, 9))
                case 3:
                    changed[place:place] = changed[: self._random.randrange(40)]
                case 4:
                    changed = changed[: max(1, place)] if self._random.random() < 0.2 else changed
        return bytes(changed)

    def _with_junk(self, value: Any) -> Any:
        if isinstance(value, dict) and value and self._random.random() < 0.85:
            key = self._random.choice(list(value))
            if self._random.random() < 0.15:
                return {name: kept for name, kept in value.items() if name != key}
            return {**value, key: self._with_junk(value[key])}
        if isinstance(value, list) and value and self._random.random() < 0.85:
            place = self._random.randrange(len(value))
            return [*value[:place], self._with_junk(value[place]), *value[place + 1 :]]
        return self._random.choice(JUNK)

    async def texts(self, number: int) -> int:
        """Through scanner, understanding, house and tools; whatever a tool then does, the money adds up."""
        bartender, store = HouseBartender(MENU), {}
        tools = BarTools("guest", store, MENU, SimulatedPayments(None), lambda event: None)
        called = 0
        for count in range(number):
            text = self.text()
            result = scan_input(text)
            scan_output(text[:300], "You are Maya, the bartender. Never tell anybody of the barrels in the cellar.")
            if not result.is_valid:
                continue
            understand(result.sanitized_text, MENU)
            reply = bartender.respond([{"role": "user", "content": result.sanitized_text}])
            for name, arguments in reply.calls:
                answered = await tools.call(name, arguments, f"call {count}")
                assert answered["status"] in ("ok", "error"), answered
                called += 1
            _is_sound(store)
            if count % 50 == 0:
                await tools.call("clear_order", {}, f"clear {count}")
        await tools.close()
        return called

    async def sounds(self, number: int) -> int:
        """Mutated recordings, through the reader."""
        recordings = [path.read_bytes() for path in sorted((HERE / "audio").glob("*.flac"))[:3]]
        recordings += [(find_assets() / "demo" / "4_pay.wav").read_bytes()]
        return self._read(number, recordings, ".wav", lambda path: read_turns(path), RecordingError)

    async def menus(self, number: int) -> int:
        """Mutated menus, through the reader."""
        menus = [(find_assets() / "menu.toml").read_bytes(), RICH.encode()]
        return self._read(number, menus, ".toml", Menu.load, MenuError)

    def _read(
        self,
        number: int,
        originals: Sequence[bytes],
        suffix: str,
        read: Callable[[Path], object],
        refusal: type[Exception],
    ) -> int:
        refusals, path = [], self._folder / f"mutated{suffix}"
        for _ in range(number):
            path.write_bytes(self.mangled(self._random.choice(originals)))
            try:
                read(path)
            except refusal as error:
                refusals.append(str(error))
        assert not any("\n" in told for told in refusals)
        return len(refusals)

    async def gemini_messages(self, number: int) -> int:
        """Mutated events of Gemini's stream, through its client."""
        house = HouseBartender(MENU)
        with FakeGemini() as fake:
            fake.mangle = count = _Counted(self.mangled)
            while count.times < number:
                fake.will_answer(*({"text": word} for word in "two beers coming right up my friend".split()))
                service = GeminiBartender(gemini.KEY, "gemini-3.6-flash", "You are Maya.", house, fake.url)
                context = LLMContext([{"role": "user", "content": "two beers please"}])
                async with asyncio.timeout(HANG_SECS):
                    await run_test(service, frames_to_send=[LLMContextFrame(context)])
        return count.times

    async def voice_messages(self, number: int) -> int:
        """Mutated messages of Cartesia's voice, through its client: what is to be said is said."""
        with FakeCartesia(self._folder) as fake:
            fake.mangle = count = _Counted(self.mangled)
            while count.times < number:
                voice = CartesiaVoice(cartesia.KEY, fake.url, "a-voice", lambda event: None)
                async with asyncio.timeout(HANG_SECS):
                    await run_test(voice, frames_to_send=answer("Two old fashioneds, coming right up."))
        return count.times

    async def ears_messages(self, number: int) -> int:
        """Mutated transcripts of Cartesia's ears, through its client, in a whole conversation."""
        heard = spoken("1_order")
        with FakeCartesia(self._folder) as fake:
            fake.chatter = 200
            fake.mangle = count = _Counted(self.mangled)
            while count.times < number:
                evening = Evening(self._folder, heard, speech=fake)
                async with asyncio.timeout(HANG_SECS):
                    await evening.hold()
                _is_sound(evening.tools.store)
        return count.times

    async def stripe_messages(self, number: int) -> int:
        """Mutated answers of Stripe's, by MCP and by REST: nothing counts as paid that was not."""

        async def at_once(_secs: float) -> None:
            """Wait for nothing."""

        with FakeStripe() as fake:
            fake.mangle = count = _Counted(lambda body: self.mangled(body) if self._random.random() < 0.3 else body)
            made = 0
            while count.times < number:
                client = StripeMCPClient(settings=settings_for(fake), sleep=at_once, timeout=3.0)
                made += 1
                async with asyncio.timeout(HANG_SECS):
                    try:
                        link = await client.create_payment_link(Decimal("37.00"), "Bar", f"visit-1_{1763700000 + made}")
                        if not link["is_simulated"]:
                            await _is_not_paid(client, link["payment_id"])
                    except PaymentError:
                        continue
                    finally:
                        await client.close()
                assert len(fake.account.links) <= made
        return count.times


class _Counted:
    def __init__(self, change: Callable[[bytes], bytes]) -> None:
        self._change = change
        self.times = 0

    def __call__(self, message: bytes) -> bytes:
        self.times += 1
        return self._change(message)


async def _is_not_paid(client: StripeMCPClient, payment_id: str) -> None:
    try:
        status = await client.check_payment_status(payment_id, deadline=0.5)
    except PaymentError:
        return
    assert status != "succeeded", "a payment that nobody made"


def _is_sound(store: Any) -> None:
    session = load("guest" if "guest" in store else "visit", store)
    payment = session.payment
    assert payment.tab_total == sum(line.total for line in session.order)
    assert payment.balance + payment.tab_total == START
    assert not session.history


KINDS = {
    "texts": (Fuzz.texts, 100_000),
    "sounds": (Fuzz.sounds, 10_000),
    "menus": (Fuzz.menus, 10_000),
    "gemini": (Fuzz.gemini_messages, 10_000),
    "voice": (Fuzz.voice_messages, 10_000),
    "ears": (Fuzz.ears_messages, 10_000),
    "stripe": (Fuzz.stripe_messages, 10_000),
}


def main() -> None:
    """All of it, or a share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(KINDS))
    options = parser.parse_args()
    # What the clients say of each message would fill books.
    logs.configure("ERROR")
    logger.remove()
    with tempfile.TemporaryDirectory() as folder:
        for kind, (run, number) in KINDS.items():
            if options.only in (None, kind):
                started = time.monotonic()
                number = max(1, round(number * options.share))
                came = asyncio.run(run(Fuzz(options.seed, Path(folder)), number))
                secs = time.monotonic() - started
                print(f"{kind:8} {number:7}: no crash, no hang; {came} {_MEANING[kind]}; {secs:.0f} s", flush=True)


_MEANING = dict.fromkeys(KINDS, "messages") | {"texts": "tools called", "sounds": "refused", "menus": "refused"}

if __name__ == "__main__":
    main()
