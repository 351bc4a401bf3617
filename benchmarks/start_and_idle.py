"""What the kiosk costs while nobody speaks: time to listening, processor share, memory.

    uv run benchmarks/start_and_idle.py

Starts the whole conversation with half a minute of an empty bar's silence at its own pace, in this process.
"""

import resource
import time

import numpy as np

STARTED_AT = time.monotonic()

from kiosk import logs  # noqa: E402 - what the imports cost is part of the figure
from kiosk.events import Event, Speaking  # noqa: E402
from kiosk.menu import Menu  # noqa: E402
from kiosk.replay import Show, play  # noqa: E402
from kiosk.settings import find_assets, load_settings  # noqa: E402
from kiosk.voice.recording import Utterance  # noqa: E402

SECONDS = 30


def main() -> None:
    """Print the figures."""
    logs.configure("ERROR")
    marks: dict[bool, tuple[float, float]] = {}

    def onlooker(event: Event) -> None:
        if isinstance(event, Speaking):
            marks.setdefault(event.active, (time.monotonic(), time.process_time()))

    noise = np.random.default_rng(1).normal(0, 30, SECONDS * 16000).astype(np.int16)
    menu = Menu.load(find_assets() / "menu.toml")
    show = Show(realtime=True, onlooker=onlooker)
    play([Utterance(noise.tobytes())], menu, {}, load_settings().cache_dir, show)
    listening_at, _ = marks[True]
    silent_at, cpu_then = marks[False]
    busy = (time.process_time() - cpu_then) / (time.monotonic() - silent_at)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"start to listening, as Maya begins to greet: {listening_at - STARTED_AT:.1f} s")
    print(f"listening to silence: {busy:.1%} of one core")
    print(f"peak memory: {memory_mb:.0f} MB")


if __name__ == "__main__":
    main()
