import json
import pickle
from pathlib import Path

import pytest

from lazify.model.effects import EffectKind
from lazify.model.observations import (
    Cost,
    Exited,
    Imported,
    Killed,
    Line,
    LoadedModule,
    ModuleNames,
    NotStarted,
    Observation,
    ObservedEffect,
    Outcome,
    OutOfMemory,
    Raised,
    Route,
    TimedOut,
    VariableRead,
)
from lazify.model.plain import from_plain, to_plain

AT = Line(Path("/a/b.py"), 3)
OUTCOMES = (
    Imported(),
    Raised(error="KeyError", message="'A'", traceback="…\udc80", chain=(AT, AT), at=AT),
    Exited(code=1, how="sys.exit", chain=(AT,)),
    Exited(code=0),
    Killed(signal=9, at=AT),
    TimedOut(seconds=2, chain=(AT,), at=AT),
    OutOfMemory(limit=None),
    NotStarted(why="no such file"),
)


def observation(outcome: Outcome) -> Observation:
    return Observation(
        outcome=outcome,
        python=(3, 12, 1),
        seconds=1.5,
        modules=(LoadedModule(name="a"), LoadedModule(name="b", file=Path("/b.py"), importer=AT, parent="a")),
        costs=(Cost(at=AT, own_seconds=0.5, seconds=1),),
        effects=(ObservedEffect(kind=EffectKind.DATABASE, event="sqlite3.connect", detail="x", chain=(AT,)),),
        variables=(VariableRead(name="KEY", is_required=True, is_set=False),),
        names=(ModuleNames(name="a", file=Path("/a.py"), values=("x", "y")),),
        routes=(Route(app="app", method="GET", path="/"),),
        notes=("a note",),
    )


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_an_observation_survives_json_and_pickle(outcome: Outcome) -> None:
    before = observation(outcome)
    assert from_plain(Observation, json.loads(json.dumps(to_plain(before)))) == before
    assert pickle.loads(pickle.dumps(before)) == before


def test_paths_are_written_as_asked() -> None:
    plain = to_plain(AT, path=lambda path: path.name)
    assert plain == {"path": "b.py", "line": 3}
    assert from_plain(Line, plain, path=lambda name: Path("/a", name)) == AT


@pytest.mark.parametrize("damaged", [{}, {"path": 1, "line": 2}, {"path": "a", "line": "2"}, None])
def test_what_does_not_fit_is_an_error(damaged: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_plain(Line, damaged)


def test_what_is_no_record_is_an_error() -> None:
    with pytest.raises(TypeError, match="is no record"):
        to_plain(object())
