"""What one import of an entry in a fresh process showed."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lazify.model.effects import EffectKind


class Line(NamedTuple):
    """A line of a file; where it was mapped to a statement, the first line of that."""

    path: Path
    line: int


# How the import ended.


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The entry was imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The import raised."""

    error: str
    """The qualified name of the exception's class."""
    message: str
    traceback: str
    """As Python prints it."""
    chain: tuple[Line, ...] = ()
    """The first-party lines of module bodies that it passed, the nearest to where it was raised first."""
    at: Line | None = None
    """The nearest first-party line of all, which may stand in a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exited:
    """The import ended the process."""

    code: int
    how: str | None = None
    """`sys.exit` or `os._exit`; None where nobody saw it, as when the process was replaced by `os.exec`."""
    chain: tuple[Line, ...] = ()
    at: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """A signal ended the process."""

    signal: int
    at: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The import was not done in time, and was ended."""

    seconds: float
    """The limit."""
    chain: tuple[Line, ...] = ()
    at: Line | None = None
    """Where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfMemory:
    """The import wanted more memory than it may have."""

    limit: int | None
    """Bytes; None where the machine's own memory was the limit."""
    chain: tuple[Line, ...] = ()
    at: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStarted:
    """The interpreter could not be run, or not with the probe."""

    why: str


Outcome = Imported | Raised | Exited | Killed | TimedOut | OutOfMemory | NotStarted


# What it did.


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModule:
    """A module that the import loaded; times and memory are 0 where the run was not traced."""

    name: str
    file: Path | None = None
    """None for built-in ones and namespaces."""
    own_seconds: float = 0.0
    """Without the modules that it loaded."""
    seconds: float = 0.0
    own_bytes: int = 0
    """Growth of the resident memory."""
    bytes: int = 0
    parent: str | None = None
    """The module during whose import it was loaded."""
    importer: Line | None = None
    """The first-party line whose execution loaded it; None where none was on the stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a line of a first-party module's body took; own times add up to the whole."""

    at: Line
    own_seconds: float
    """Without the bodies of first-party modules that ran meanwhile."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedEffect:
    """One effect of the import."""

    kind: EffectKind
    event: str
    """The audit event, such as `sqlite3.connect`."""
    detail: str
    """The path, address, command, host…"""
    chain: tuple[Line, ...] = ()
    """The lines of first-party module bodies on the stack: the one to blame first, then those that imported it.
    Empty where no first-party module was being imported."""
    at: Line | None = None
    """The first-party line nearest to it, which may stand in a function."""
    by: Path | None = None
    """The file of the code that did it, where that is not first-party."""
    importing: str | None = None
    """The module, not first-party, whose body did it."""
    is_threaded: bool = False
    """A thread did it, which the blamed line had started."""
    is_installed: bool = False
    """It reads what is installed: files of packages or of the standard library, metadata, lines for a warning."""

    @property
    def blamed(self) -> Line | None:
        """The module-level line that caused it."""
        return self.chain[0] if self.chain else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableRead:
    """A look-up in `os.environ`."""

    name: str
    is_required: bool
    """By a subscript in first-party code, which raises where it is missing; not by `get` and its like."""
    is_set: bool
    chain: tuple[Line, ...] = ()
    at: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleNames:
    """What a first-party module offers after the import: `__all__`, or all names without an underscore."""

    name: str
    file: Path
    values: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    """Those of its names that are modules: mostly what it imported."""
    answers_others: bool = False
    """It has a `__getattr__`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What an app of the entry answers to."""

    app: str
    """The name it is bound to."""
    method: str
    """`*` where it takes any, or is no HTTP route."""
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One import of one entry."""

    outcome: Outcome
    python: tuple[int, ...] = ()
    """The version of the interpreter."""
    seconds: float = 0.0
    """Of the import, until it ended in any way."""
    peak_bytes: int = 0
    """The largest resident set; 0 where the process was ended before it could tell."""
    base_bytes: int = 0
    """The largest resident set before the import."""
    is_traced: bool = False
    """Effects and costs were looked for, which takes time itself."""
    modules: tuple[LoadedModule, ...] = ()
    costs: tuple[Cost, ...] = ()
    executed: tuple[Line, ...] = ()
    """The lines of first-party module bodies that ran, as they stand and not as statements."""
    effects: tuple[ObservedEffect, ...] = ()
    variables: tuple[VariableRead, ...] = ()
    names: tuple[ModuleNames, ...] = ()
    routes: tuple[Route, ...] = ()
    output: str = ""
    """The end of what it printed to stdout and stderr."""
    left: int = 0
    """How many processes were still there when the import had ended, and were ended."""
    notes: tuple[str, ...] = ()
    """What could not be observed, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What importing an entry costs, by several runs, and who is to blame, by a run that was traced."""

    entry: str
    """As the user wrote it."""
    module: str
    outcome: Outcome
    """Of the first run that did not import it, if there is one."""
    python: tuple[int, ...] = ()
    runs: tuple[float, ...] = ()
    """The seconds of each run that was not traced."""
    seconds: float = 0.0
    """Their median."""
    peak_bytes: int = 0
    """The median of the largest resident sets."""
    base_bytes: int = 0
    modules: tuple[LoadedModule, ...] = ()
    """With times scaled to the median: tracing takes time itself."""
    costs: tuple[Cost, ...] = ()
    """Scaled likewise."""
    effects: tuple[ObservedEffect, ...] = ()
    variables: tuple[VariableRead, ...] = ()
    output: str = ""
    notes: tuple[str, ...] = ()
