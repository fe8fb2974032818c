"""What importing an entry point runs, as far as the source tells: the import graph with all that matters in it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from lazify.model.effects import Effect, Evidence, Level
from lazify.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What `lazify apply` would make of a statement."""

    code: str
    """`LZ101`"""
    title: str
    is_mended: bool
    """A Change, else a Refusal."""
    reason: str = ""
    """Of a Refusal."""
    pinned_by: Place | None = None
    """The line that keeps it where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A module-level statement that does something, or that looks as if it did."""

    at: Place
    """Of the part that does it: the call inside an `if`."""
    text: str
    """The first line of that part."""
    effects: tuple[Effect, ...]
    """The worst first; none for a SAFE one."""
    conditions: tuple[tuple[Evidence, ...], ...] = ()
    """For each effect, what must hold for its chain to run, in the order of the chain."""
    safe_because: str = ""
    """Of a SAFE one: why it does nothing yet, with the source in brackets."""
    is_conditional: bool = False
    """Stands under an `if`: may not run."""
    fate: Fate | None = None

    @property
    def level(self) -> Level:
        """The level of the worst effect."""
        return max((effect.level for effect in self.effects), default=Level.SAFE)


class Turn(StrEnum):
    """What an import finds."""

    FIRST = "first"
    """It runs the module."""
    LATER = "later"
    """The module is complete."""
    RUNNING = "running"
    """The module has begun and is not complete: the import closes a cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One import of a module of the project that runs when the entry is imported."""

    at: Place
    text: str
    """`from src.api.main import app`"""
    target: str
    """The name of the module."""
    path: Path
    """Its file: two modules of a project may have one name."""
    turn: Turn
    is_parent: bool = False
    """The module is a package around the one that is named."""
    way: tuple[Evidence, ...] = ()
    """The calls that lead to an import that stands in a function; empty for one at module level."""
    is_conditional: bool = False
    guard: Place | None = None
    """The `except` that catches a failed import."""
    fate: Fate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyLoad:
    """One import of something heavy from outside the project."""

    at: Place
    text: str
    """`import numpy as np`"""
    package: str
    """What is loaded, as listed: `scipy.sparse`."""
    ms: int | None
    """Wall time of the import in a fresh process; None where only the user says that it is heavy."""
    mib: int | None
    is_measured: bool
    """Else an estimate."""
    basis: str
    """How the cost is known."""
    is_first: bool
    """The first import of its top package; the others find most of it loaded."""
    way: tuple[Evidence, ...] = ()
    is_conditional: bool = False
    guard: Place | None = None
    fate: Fate | None = None


Item = Mark | Edge | HeavyLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One module of the project that runs."""

    name: str
    path: Path
    depth: int
    """The number of imports between the entry and this module: 0 for the entry."""
    items: tuple[Item, ...]
    """What matters in it, in the order in which it runs."""
    kept_out_at: Place | None = None
    """The import that `lazify apply` would defer, after which nothing imports this module any more."""

    @property
    def level(self) -> Level:
        """The worst of its own statements."""
        return max((item.level for item in self.items if isinstance(item, Mark)), default=Level.SAFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """An import that finds its module half-done, in the order in which this entry imports."""

    edge: Edge
    importer: str
    waiting_at: Place
    """The import that `edge.target` waits for."""
    way: tuple[Edge, ...]
    """The shortest way of imports from `edge.target` back to `importer`."""
    names: tuple[str, ...] = ()
    """What it takes from the module that has begun."""
    missing: tuple[str, ...] = ()
    """Those that are bound below the import that the module waits for: the import fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """An import order in which a cycle fails."""

    first: str
    """The module of the cycle that somebody imports first."""
    at: Place
    """The import that then fails."""
    names: tuple[str, ...]
    """What it does not find."""
    module: str
    """Where it looks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Modules that import each other at module level: a strongly connected component."""

    modules: tuple[str, ...]
    """In the order in which they begin."""
    closings: tuple[Closing, ...]
    breakages: tuple[Breakage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingInit:
    """A folder of modules that is imported as a package, without `__init__.py`, among packages that have one."""

    folder: Path
    modules: int
    """How many modules it holds."""
    beside: Path
    """The package around it, or one next to it."""
    at: Place
    """An import that goes through it."""


class Cause(IntEnum):
    """What it takes for an import to fail, the most likely first: crash points are ranked by it."""

    CERTAIN = 1
    """Nothing: it fails wherever it runs."""
    ENVIRONMENT = 2
    """An environment variable is missing."""
    READ_ONLY = 3
    """The file system is read-only, the temporary folder excepted."""
    NO_NETWORK = 4
    """There is no network, or no server answers."""
    DATABASE = 5
    """A database does not answer, or its file cannot be opened."""
    MISSING_PACKAGE = 6
    """A package is not installed that the project itself treats as optional."""
    MISSING_FILE = 7
    """A file is not deployed, or the working folder is another."""
    EXIT = 8
    """The statement ends the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashPoint:
    """A module-level statement whose failure fails the import of the entry."""

    rank: int
    """From 1; by cause, then statements that always run before conditional ones, then in the order of running."""
    cause: Cause
    module: str
    at: Place
    text: str
    what: str
    """What it needs: `os.environ["API_KEY"]`."""
    why: tuple[Evidence, ...] = ()
    conditions: tuple[Evidence, ...] = ()
    """What must hold on that way."""
    is_conditional: bool = False
    caught_at: Place | None = None
    """The handler that would catch the failure: then the import goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportGraph:
    """All of it, for the entries of one project."""

    root: Path
    entries: tuple[str, ...]
    """Names of modules."""
    nodes: tuple[Node, ...]
    """In the order in which they begin to run."""
    cycles: tuple[Cycle, ...] = ()
    missing_inits: tuple[MissingInit, ...] = ()
    crash_points: tuple[CrashPoint, ...] = ()
    """Ranked; those that are caught come last."""
