"""What is known of the lifecycle of ASGI applications: the facts of lifecycle.toml."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """What the callables of a library do to an application."""

    how: str
    until: str | None = None
    """The first version that leaves the handlers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Whether a platform or server runs startup and shutdown, by a file that is made for it."""

    file: re.Pattern[str]
    """Of its whole name."""
    has: re.Pattern[str]
    """Of something in its text."""
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Versions and libraries, each as lifecycle.toml has it."""

    oldest: Mapping[str, str]
    """Package to the first version whose `lifespan=` works."""
    starlette: str
    """What no FastAPI without a working `lifespan=` admits."""
    joins_routers: str
    """The first FastAPI that joins the lifespans of routers."""
    harmless: frozenset[str]
    registering: Mapping[str, "Registering"]
    """By rule."""

    platforms: tuple["Platform", ...]
    mangum: Mapping[str, str]
    """What Mangum does by its `lifespan` argument."""

    def registers(self, name: str) -> "Registering | None":
        """What calling `name` with an application does to its handlers; None for nothing that is known."""
        return next((self.registering[rule] for rule in rules(name) if rule in self.registering), None)

    def is_harmless(self, name: str) -> bool:
        """Tell whether calling `name` with an application leaves its handlers alone."""
        return any(rule in self.harmless for rule in rules(name))


def rules(name: str) -> Iterable[str]:
    """The name itself, then `a.b.*`, `a.*` of `a.b.c`."""
    yield name
    while "." in name:
        name = name.rpartition(".")[0]
        yield f"{name}.*"


@cache
def lifecycle() -> Lifecycle:
    """The facts, read once in a process."""
    table = tomllib.loads((Path(__file__).parent / "lifecycle.toml").read_text(encoding="utf-8"))
    versions, receivers = table["versions"], table["receivers"]
    return Lifecycle(
        oldest={package: facts["oldest"] for package, facts in versions.items()},
        starlette=versions["fastapi"]["starlette"],
        joins_routers=versions["fastapi"]["joins_routers"],
        harmless=frozenset(receivers["harmless"]),
        platforms=tuple(
            Platform(file=re.compile(each["file"]), has=re.compile(each.get("has", "")), says=each["says"])
            for each in table["platforms"]
        ),
        mangum=table["mangum"],
        registering={
            name: Registering(how=each["how"], until=each.get("until"))
            for each in receivers["registering"]
            for name in each["names"]
        },
    )
