"""Whatever the program: it does what it did, a second run changes nothing, undo restores it, any choice is consistent."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.fuzz.faults import Fault, Useless, reduced, tried
from tests.fuzz.programs import Program, programs
from tests.fuzz.running import Runner


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """What runs both trees."""
    found = Runner()
    yield found
    found.close()


@settings(
    max_examples=15,
    derandomize=True,
    phases=[Phase.generate],  # what fails is reduced below, by whole definitions
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(program=programs())
def test_a_program_does_what_it_did_later(runner: Runner, program: Program) -> None:
    found = tried(program, runner)
    assume(not isinstance(found, Useless))
    assert not isinstance(found, Fault), _shown(program, found, runner)


def _shown(program: Program, found: Fault, runner: Runner) -> str:
    smallest = reduced(program, found.kind, runner)
    return f"{smallest!r}\n{tried(smallest, runner)}"
