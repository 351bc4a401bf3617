"""An evening at a real kiosk: the window on an X server, guests on a sound server, `run_kiosk.py` between them.

    uv run benchmarks/live_evening.py [--minutes 60]

Guests come one after another, order, tip and pay by voice, in real time; each minute the kiosk's memory, threads
and open files are printed. Needs Xvfb and PulseAudio, which `scripts/install_system_packages.sh` installs.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from kiosk.state.store import open_store
from tests.display.x_server import desktop
from tests.sound_server import sound_server

ROOT = Path(__file__).parent.parent
# Between two sentences of a guest: Maya's answer, and a breath.
PAUSE_SECS = 7.0
# Between two guests: the code is paid, Maya thanks, and nobody speaks until she says goodbye.
BETWEEN_SECS = 22.0
START_SECS = 12.0


def measured(pid: int) -> tuple[float, int, int]:
    """Memory in MB, threads and open files of a process."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), len(list(Path(f"/proc/{pid}/fd").iterdir()))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args()
    sentences = sorted((ROOT / "assets" / "demo").glob("*.wav"))
    with tempfile.TemporaryDirectory() as folder, desktop((1920, 1080)) as screen, sound_server() as sound:
        url = f"sqlite:///{folder}/tabs.db"
        environment = {**screen.environment, **{name: sound.environment[name] for name in sound.CHANGED}}
        environment |= {"KIOSK_STORE_URL": url, "KIOSK_IDLE_SECS": "8", "KIOSK_SIMULATED_PAYMENT_SECS": "3"}
        kiosk = subprocess.Popen([sys.executable, "run_kiosk.py"], cwd=ROOT, env=environment)
        try:
            time.sleep(START_SECS)
            begun, guests, next_look = time.monotonic(), 0, 0.0
            while (passed := time.monotonic() - begun) < options.minutes * 60:
                if passed >= next_look:
                    memory, threads, files = measured(kiosk.pid)
                    held = f"{memory:6.1f} MB  {threads} threads  {files} files"
                    print(f"{passed / 60:5.1f} min  {guests:>3} guests  {held}", flush=True)
                    next_look = passed + 60
                for sentence in sentences:
                    sound.say(sentence)
                    time.sleep(PAUSE_SECS)
                time.sleep(BETWEEN_SECS)
                guests += 1
        finally:
            kiosk.terminate()
            status = kiosk.wait(timeout=30)
        with open_store(url) as store:
            visits = list(store.values())
    paid = sum(bool(visit["history"]) for visit in visits)
    print(f"exit {status}; {guests} guests came, {len(visits)} visits, {paid} paid")


if __name__ == "__main__":
    main()
