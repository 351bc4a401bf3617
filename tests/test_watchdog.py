"""A voice that hangs or fails is begun anew; the window, which is another thread's, never notices."""

import asyncio
import threading

import pytest

from kiosk.bartender.tools import BarTools
from kiosk.errors import OperatorError, RestartError, VoiceHungError
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.state.sessions import load
from kiosk.state.store import open_store
from kiosk.visits import interrupted, new_session_id
from kiosk.watchdog import MOST_RESTARTS, WatchedVoice


class Evening:
    """Conversations that do as planned, one after the other; the last goes on until it is cancelled."""

    def __init__(self, *plans):
        self.plans = list(plans)
        self.begun = 0
        self.served = threading.Event()
        self.ended = threading.Event()
        self.freed = threading.Event()
        self.voice = WatchedVoice(self.converse, on_end=self.ended.set, patience_secs=0.2, interval_secs=0.01)

    async def converse(self):
        self.begun += 1
        plan = self.plans[self.begun - 1] if self.begun <= len(self.plans) else None
        match plan:
            case None:
                self.served.set()
                await asyncio.Event().wait()
            case "hangs":
                # Its loop stands still, as in a library that does not return.
                self.freed.wait(60)
            case BaseException():
                raise plan

    def __enter__(self):
        self.voice.start()
        return self

    def __exit__(self, *_):
        self.freed.set()
        self.voice.stop()


def test_a_voice_that_hangs_is_replaced():
    with Evening("hangs") as evening:
        assert evening.served.wait(30)
        assert evening.begun == 2
        assert not evening.ended.is_set()


@pytest.mark.parametrize("failure", [VoiceHungError("nothing moves"), RuntimeError("a library's own")])
def test_a_voice_that_fails_is_replaced(failure):
    with Evening(failure) as evening:
        assert evening.served.wait(30)
        assert not evening.ended.is_set()


def test_a_busy_voice_is_left_alone():
    with Evening() as evening:
        assert evening.served.wait(30)
        done = threading.Event()

        async def work():
            for _ in range(50):
                await asyncio.sleep(0.001)
            done.set()

        evening.voice.call(work())
        assert done.wait(30)
        assert evening.begun == 1


@pytest.mark.parametrize("error", [OperatorError("no microphone"), RestartError("the card is gone")])
def test_what_a_person_or_a_new_process_has_to_mend_ends_it(error):
    evening = Evening(error)
    evening.voice.start()
    assert evening.ended.wait(30)
    assert evening.begun == 1
    with pytest.raises(OperatorError, match=str(error)):
        evening.voice.stop()


def test_a_voice_that_fails_again_and_again_is_given_up():
    evening = Evening(*[RuntimeError("again")] * (MOST_RESTARTS + 1))
    evening.voice.start()
    assert evening.ended.wait(30)
    assert evening.begun == MOST_RESTARTS + 1
    with pytest.raises(RestartError, match="again and again"):
        evening.voice.stop()


def test_a_conversation_that_is_over_ends_the_kiosk():
    ended = threading.Event()

    async def converse():
        """Nothing more to say."""

    voice = WatchedVoice(converse, on_end=ended.set, interval_secs=0.01)
    voice.start()
    assert ended.wait(30)
    voice.stop()


def test_the_visit_goes_on_where_the_hung_voice_was(tmp_path):
    menu = Menu.load(find_assets() / "menu.toml")
    with open_store(f"sqlite:///{tmp_path}/kiosk.db") as store:
        served: list[str] = []
        freed, resumed, ended = threading.Event(), threading.Event(), threading.Event()

        async def converse():
            session_id = interrupted("bar", store) or new_session_id("bar")
            tools = BarTools(session_id, store, menu, SimulatedPayments(None), lambda event: None)
            served.append(session_id)
            if len(served) == 1:
                await tools.call("add_to_order", {"item_name": "Martini"}, "one")
                freed.wait(60)
            resumed.set()
            await asyncio.Event().wait()

        voice = WatchedVoice(converse, on_end=ended.set, patience_secs=0.5, interval_secs=0.01)
        voice.start()
        assert resumed.wait(30)
        freed.set()
        voice.stop()
        assert served[0] == served[1]
        assert [line.item for line in load(served[1], store).order] == ["Martini"]
