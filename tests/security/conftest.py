import pytest

from kiosk.security.guard import GuardState, guard_of
from kiosk.settings import Settings


@pytest.fixture(scope="session")
def guard_settings(small_models, tmp_path_factory) -> Settings:
    injection, toxicity = map(str, small_models)
    return Settings(
        guard_injection_model=injection, guard_toxicity_model=toxicity, models_dir=tmp_path_factory.mktemp("none")
    )


@pytest.fixture(scope="session")
def guard(guard_settings):
    """Real llm-guard in its own process, as the kiosk runs it."""
    guard = guard_of(guard_settings)
    assert guard
    guard.start()
    guard.wait_until(GuardState.READY, GuardState.BROKEN)
    assert guard.state is GuardState.READY, guard.trouble
    yield guard
    guard.close()
