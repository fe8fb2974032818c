"""Answers of an application before and after: the same, but for what differs between runs of the tree before, too."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str, ...]
"""The request's path; `status`, `header` with its name, or `body` with the way to a value."""

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What became of the answers."""

    compared: int
    """How many values were compared."""
    loose: tuple[Place, ...]
    """That differ between runs of the tree before, and say nothing."""
    problems: tuple[str, ...]


def compare(before: Sequence[Mapping[str, Any]], after: Mapping[str, Any]) -> Comparison:
    """Compare runs of one tree with a run of the other, value by value; keys are the paths that were asked for.

    Of a list whose items have another shape in another run of the same tree, only the length is compared.
    """
    runs, now = [dict(values(run)) for run in before], dict(values(after))
    places = {place for run in runs for place in run}
    loose = {place for place in places if any(_at(run, place) != _at(runs[0], place) for run in runs)}
    shuffled = {_list_around(p) for p in loose if any(p not in run for run in runs)} - {None}
    loose |= {p for p in {*places, *now} if any(p[:n] in shuffled for n in range(1, len(p)))}
    firm = sorted({*places, *now} - loose)
    changed = [place for place in firm if _at(runs[0], place) != _at(now, place)]
    problems = (f"{' '.join(p)}: {_said(_at(runs[0], p))} became {_said(_at(now, p))}" for p in changed)
    return Comparison(compared=len(firm) - len(changed), loose=tuple(sorted(loose)), problems=tuple(problems))


def values(answers: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Take answers apart: JSON into its leaves, other text into the words of its lines."""
    for path, answer in answers.items():
        yield (path, "status"), answer["status"]
        for name, value in answer["headers"].items():
            if name.lower() != "content-length":  # the body says it, and what is left out of it may be longer
                yield (path, "header", name.lower()), value
        try:
            parts = _leaves(json.loads(answer["body"]))
        except ValueError:
            parts = _words(answer["body"])
        for way, value in parts:
            yield (path, "body", *way), value


def _leaves(value: object, way: Place = ()) -> Iterator[tuple[Place, object]]:
    match value:
        case dict():
            yield way, f"an object of {len(value)}"
            for key, each in value.items():
                yield from _leaves(each, (*way, key))
        case list():
            yield way, f"a list of {len(value)}"
            for number, each in enumerate(value):
                yield from _leaves(each, (*way, f"[{number}]"))
        case _:
            yield way, (type(value).__name__, value)


def _words(text: str) -> Iterator[tuple[Place, object]]:
    for number, line in enumerate(text.split("\n"), start=1):
        for word, each in enumerate(line.split(" "), start=1):
            yield (f"line {number}", f"word {word}"), each


def _list_around(place: Place) -> Place | None:
    """The outermost list that holds the value."""
    return next((place[:n] for n, part in enumerate(place) if part.startswith("[")), None)


def _at(run: Mapping[Place, object], place: Place) -> object:
    return run.get(place, _MISSING)


def _said(value: object) -> str:
    return "nothing" if value is _MISSING else repr(value)[:200]
