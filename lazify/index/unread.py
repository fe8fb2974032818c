"""Values outside the project, made from names: not longer than they can mean anything."""

from lazify.index.abstract import MOST_STEPS, UNKNOWN, Data, Given, Made, Outside, Step, Values

MOST_PARTS = 12
"""Of a dotted name outside the project: more come from loops that walk a structure."""

MOST_RESULTS = 2
"""Steps from what an unknown call gives: `redis.from_url().pipeline().execute`."""

MOST_PARTS_OF_RESULT = 6


def outside(name: str, *, is_part: bool = False) -> Values:
    """That name outside the project, unless it is suspiciously long."""
    return UNKNOWN if _is_long(name) else frozenset({Outside(name, is_part)})


def made(name: str) -> Values:
    """An instance of that class outside the project."""
    owner, _, last = name.rpartition(".")
    if owner == "builtins":
        return frozenset({Data(last)})
    return UNKNOWN if _is_long(name) else frozenset({Made(name)})


def _is_long(name: str) -> bool:
    results = name.count("()") + name.count("[]")
    return results > MOST_RESULTS or name.count(".") > (MOST_PARTS if results == 0 else MOST_PARTS_OF_RESULT)


def further(value: Given, step: Step) -> Values:
    """One step more from a parameter that is not known yet."""
    if len(value.steps) >= MOST_STEPS:
        return UNKNOWN
    return frozenset({Given(value.code, value.name, (*value.steps, step))})
