"""What one guest costs in the cloud, in the units that are charged for: the demo's guest, with fakes of the services.

uv run python -m benchmarks.usage
"""

import asyncio
import json

from kiosk import logs
from kiosk.settings import Settings, default_log_file
from tests.evening import Evening, spoken
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini

GUEST = ("1_order", "2_change", "3_tip", "4_pay", "5_paid", "6_goodbye")
# https://ai.google.dev/gemini-api/docs/tokens
CHARACTERS_PER_TOKEN = 4


async def measure() -> None:
    """Hold the conversation and print what was asked of the services."""
    cache_dir = Settings().cache_dir
    with FakeCartesia(cache_dir) as speech, FakeGemini() as brain:
        # At first the fake may take longer to hear a guest than the kiosk waits.
        for _ in range(2):
            brain.asked.clear()
            speech.said.clear()
            speech.heard = 0.0
            evening = Evening(cache_dir, spoken(*GUEST), brain=brain, speech=speech)
            await evening.hold(settle=True)
        assert all(evening.moves(stage) == ["cloud"] for stage in ("stt", "llm", "tts")), "the house took over"
        tokens = sum(len(json.dumps(body)) for body in brain.asked) / CHARACTERS_PER_TOKEN
        print(f"turns of the guest      {len(GUEST)}")
        print(f"requests to Gemini      {len(brain.asked)}")
        print(f"tokens sent, about      {tokens:.0f}")
        print(f"seconds of sound heard  {speech.heard:.1f}")
        print(f"characters spoken       {sum(map(len, speech.said))}")


def main() -> None:
    """Measure once."""
    logs.configure("ERROR", kept=default_log_file())
    asyncio.run(measure())


if __name__ == "__main__":
    main()
