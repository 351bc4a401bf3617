"""Whatever goes wrong in the cloud, the guest is answered, and orders, chats and pays as if nothing were."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.results import state_of
from kiosk.voice.recording import GuestTurn, read_turns
from tests.evening import ORDERED, Evening, spoken
from tests.fakes import cartesia, gemini
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import MARK, FakeGemini
from tests.sampling import sampled

QUESTION = Path(__file__).parent / "audio" / "question_01.flac"
MOMENTS = ("ordering", "chatting", "paying")
STAGES = ("stt", "llm", "tts")

# A moment, a stage and what goes wrong with it.
Trouble = tuple[str, Any, Any]


def evenings() -> Iterator[Any]:
    """Each fault of each stage once, as a moment, a stage and a fault.

    In an evening something happens to Gemini and, while there is anything left that may, to Cartesia at another moment.
    The moments come in turn, so that each stage fails at each of them.
    """
    of_speech = iter([(stage, fault) for stage in ("stt", "tts") for fault in cartesia.FAULTS])
    moments = itertools.cycle(MOMENTS)
    for thinking in gemini.FAULTS:
        troubles = [(next(moments), "llm", thinking)]
        troubles += [(MOMENTS[MOMENTS.index(troubles[0][0]) - 2], *fault) for fault in itertools.islice(of_speech, 1)]
        yield pytest.param(troubles, id=" ".join(map("-".join, troubles)))


def guest() -> list[GuestTurn]:
    """Orders, asks something, and wants to pay."""
    return [*spoken("1_order"), *read_turns(QUESTION), *spoken("4_pay")]


def words(evening: Evening) -> list[str]:
    """What Maya said, whoever thought of it."""
    return [said.replace(MARK, "") for said in evening.said()]


@pytest.fixture(scope="module")
def in_the_house(cache_dir) -> list[str]:
    """What the guest is told where there is no cloud."""

    async def hold() -> list[str]:
        # The fake has heard the guest then: at first it may take longer than the kiosk waits.
        with FakeCartesia(cache_dir) as speech:
            warming_up = Evening(cache_dir, guest(), speech=speech)
            warming_up.ears.transcript_secs = 60.0
            await warming_up.hold(settle=True)
        evening = Evening(cache_dir, guest())
        await evening.hold(settle=True)
        assert {evening.moves(stage)[-1] for stage in STAGES} == {"house"}
        return words(evening)

    return asyncio.run(hold())


def assert_served(evening: Evening, told: list[str]) -> None:
    """Ordered, paid, thanked, and told what everybody is told."""
    assert words(evening) == told
    state = state_of(evening.tools)
    (paid,) = evening.paid()
    assert [(line.item, line.quantity, list(line.modifiers)) for line in paid.lines] == ORDERED
    assert (state["tab"], state["balance"], state["payment_status"]) == ("0.00", "963.00", "completed")


async def test_with_all_keys_every_stage_is_in_the_cloud(cache_dir, in_the_house):
    with FakeCartesia(cache_dir) as speech, FakeGemini() as brain:
        evening = Evening(cache_dir, guest(), brain=brain, speech=speech)
        # The fake's recogniser takes as long as the machine lets it.
        evening.ears.transcript_secs = 60.0
        await evening.hold(settle=True)
    assert [evening.moves(stage) for stage in STAGES] == [["cloud"]] * 3
    assert all(said.startswith(MARK) for said in evening.said()[1:])
    assert_served(evening, in_the_house)


@pytest.mark.parametrize("troubles", sampled(evenings(), every=9))
async def test_whatever_goes_wrong_the_guest_is_served(cache_dir, in_the_house, troubles: list[Trouble]):
    failing = [stage for _, stage, _ in troubles]
    with FakeCartesia(cache_dir) as speech, FakeGemini() as brain:

        async def before(turn: int) -> None:
            for moment, stage, fault in troubles:
                if turn != MOMENTS.index(moment):
                    continue
                if stage == "llm":
                    # It is asked once more where it fails before its first word.
                    brain.go_wrong(fault, fault)
                else:
                    speech.go_wrong(stage, fault)

        evening = Evening(cache_dir, guest(), brain=brain, speech=speech, before_turn=before)
        if "stt" not in failing:
            # The fake's recogniser takes as long as the machine lets it.
            evening.ears.transcript_secs = 60.0
        await evening.hold(settle=True)
    for stage in STAGES:
        assert evening.moves(stage)[:2] == (["cloud", "house"] if stage in failing else ["cloud"])
    assert_served(evening, in_the_house)


@pytest.mark.parametrize("missing", sampled(STAGES, every=3))
async def test_a_cloud_that_cannot_be_reached_at_all_leaves_the_house(cache_dir, in_the_house, missing):
    speech, brain = FakeCartesia(cache_dir), FakeGemini()
    with speech, brain:
        pass
    evening = Evening(
        cache_dir, guest(), brain=brain if missing == "llm" else None, speech=None if missing == "llm" else speech
    )
    await evening.hold(settle=True)
    assert evening.moves(missing) == ["cloud", "house"]
    assert_served(evening, in_the_house)


async def test_keys_that_are_refused_leave_the_house_and_the_reason_on_the_screen(cache_dir, in_the_house):
    with FakeCartesia(cache_dir) as speech, FakeGemini() as brain:
        evening = Evening(cache_dir, guest(), brain=brain, speech=speech, key="of-nobody")
        await evening.hold(settle=True)
    refused = [event.stage for event in evening.services() if event.reason == "the key is refused"]
    assert sorted(refused) == sorted(STAGES)
    assert_served(evening, in_the_house)


@pytest.mark.slow
async def test_a_cloud_that_dies_is_taken_up_again_when_it_is_back(cache_dir, in_the_house):
    with FakeCartesia(cache_dir) as speech, FakeGemini() as brain:

        async def before(turn: int) -> None:
            if turn == 1:
                speech.go_away()
                brain.go_away()
            elif turn == 2:
                speech.come_back()
                brain.come_back()
                async with asyncio.timeout(60):
                    await evening.all_back.wait()

        evening = Evening(cache_dir, guest(), brain=brain, speech=speech, before_turn=before)
        await evening.hold(settle=True)
        assert speech.said[-1].startswith("Thank")
    assert [evening.moves(stage) for stage in STAGES] == [["cloud", "house", "cloud"]] * 3
    assert [said.startswith(MARK) for said in evening.said()[1:4]] == [True, False, True]
    assert_served(evening, in_the_house)
