"""The scenes look as they did when a person last looked at them."""

import numpy as np
import pygame
import pytest

from tests.display.golden import cases, draw, quarter

# Of 255, in any channel of the shrunken picture: less is invisible, and text that moved is far more.
TOLERANCE = 24


@pytest.mark.parametrize(("name", "size", "path"), list(cases()), ids=lambda value: getattr(value, "stem", None))
def test_a_scene_looks_as_it_did(name, size, path, tmp_path):
    golden = pygame.surfarray.array3d(pygame.image.load(path)).astype(int)
    now = quarter(draw(name, size))
    difference = np.abs(pygame.surfarray.array3d(now).astype(int) - golden).max()
    if difference > TOLERANCE:
        pygame.image.save(now, tmp_path / path.name)
    assert difference <= TOLERANCE, f"see {tmp_path / path.name}; if it is better so: python -m tests.display.golden"
