"""Fixtures that every test may use."""

import pytest

from oms.core import doorbell
from tests.factories import world


@pytest.fixture
def carrier(db: None) -> None:
    """A simulated carrier with tariffs, so that orders can be sourced and promised."""
    world.make_carrier()


@pytest.fixture(autouse=True)
def _silent_doorbell() -> None:
    doorbell.rung.clear()
