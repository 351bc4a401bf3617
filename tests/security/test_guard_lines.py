"""What llm-guard's process says is an answer, or it is garbled: nothing between."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.security.guard_lines import Answer, GarbledError, Ready, Unusable, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["ready", "error", "number", "scores"]), inner),
)


def test_each_line_of_the_protocol_is_understood():
    assert read('{"ready": true}\n') == Ready()
    assert read('{"error": "no torch"}\n') == Unusable("no torch")
    assert read('{"number": 3, "scores": {"Toxicity": 0.25}}\n') == Answer(3, {"Toxicity": 0.25})


@given(st.text() | JSON.map(json.dumps))
def test_any_other_line_is_garbled_and_nothing_worse(line):
    try:
        said = read(line)
    except GarbledError:
        return
    if isinstance(said, Answer):
        assert all(0 <= score <= 1 for score in said.scores.values())


@pytest.mark.parametrize("score", ["NaN", "Infinity", "-1", "1.5", "true", "null", '"high"', "{}"])
def test_a_score_is_a_share_of_one(score):
    with pytest.raises(GarbledError):
        read(f'{{"number": 0, "scores": {{"Toxicity": {score}}}}}')
