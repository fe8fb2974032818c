"""State of Python's own modules and of libraries that programs change: the facts of changes.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One piece of state, as the table of that name has it."""

    what: str
    by: frozenset[str]
    words: frozenset[str]
    read_by: frozenset[str]
    calls_of: frozenset[str]
    is_by_keyword: bool
    is_always: bool
    option: str
    source: str

    def is_changed_by(self, name: str) -> bool:
        """Tell whether setting the variable `a.b.c`, or changing it in place, changes it."""
        return name in self.by or any(above in self.by for above in _above(name))

    def is_read_by(self, name: str) -> bool:
        """Tell whether `a.b.c` or `.method` reads it: listed, or below what is listed."""
        return name in self.read_by or any(above in self.read_by for above in _above(name))

    def is_read_by_call(self, name: str) -> bool:
        """Tell whether calling `a.b.c` reads it."""
        return name.partition(".")[0] in self.calls_of


@cache
def states() -> tuple[State, ...]:
    """Read every piece of state."""
    text = Path(__file__).with_name("changes.toml").read_text(encoding="utf-8")
    return tuple(
        State(
            what=table["what"],
            by=frozenset(table["by"]),
            words=frozenset(table["words"]),
            read_by=frozenset(table["read_by"]),
            calls_of=frozenset(table.get("calls_of", ())),
            is_by_keyword=table.get("keywords", False),
            is_always=table.get("always", False),
            option=table.get("option", ""),
            source=table["source"],
        )
        for table in tomllib.loads(text)["state"]
    )


@cache
def methods_read() -> frozenset[str]:
    """The last names of what reads such state."""
    return frozenset(name.rpartition(".")[2] for state in states() for name in state.read_by)


def _above(name: str) -> Iterable[str]:
    while "." in name.lstrip("."):
        name = name.rpartition(".")[0]
        yield name
