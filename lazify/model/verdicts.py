"""What became better or worse between two states of a project, and who is to blame."""

from dataclasses import dataclass
from enum import StrEnum

from lazify.model.changes import Patch, Plan
from lazify.model.observations import Observation


class Judgement(StrEnum):
    """How one side compares with the other."""

    BETTER = "better"
    SAME = "same"
    UNKNOWN = "unknown"
    """One side could not tell."""
    WORSE = "worse"


class Aspect(StrEnum):
    """What is compared."""

    IMPORT = "import"
    EFFECTS = "effects at import"
    HEAVY = "heavy modules"
    TIME = "time"
    MEMORY = "memory"
    MODULES = "modules"
    NAMES = "public names"
    ROUTES = "routes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One aspect of one entry, on both sides."""

    aspect: Aspect
    judgement: Judgement
    before: str
    after: str
    gone: tuple[str, ...] = ()
    """What only the first side has."""
    new: tuple[str, ...] = ()
    """What only the second side has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryVerdict:
    """One entry: what importing it shows on both sides."""

    entry: str
    before: Observation | None
    """None where the entry is not there."""
    after: Observation | None
    comparisons: tuple[Comparison, ...]
    chain_before: tuple[str, ...] = ()
    """The import chain as lines of a tree."""
    chain_after: tuple[str, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse."""
        return any(each.judgement is Judgement.WORSE for each in self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guilty:
    """A change without which what broke does not break."""

    key: str
    """Of the plan's change; the path where whole files were tried."""
    title: str
    at: str
    """`path:line`, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A test that passed before and does not now."""

    test: str
    """The whole command where its tests are not known one by one."""
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many tests ended how, on one side."""

    passed: int
    failed: int
    skipped: int
    code: int
    """The exit code of the command."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TestVerdict:
    """The project's own tests, on both sides."""

    __test__ = False  # no test of ours

    command: str
    before: Tally
    after: Tally
    broken: tuple[Broken, ...] = ()
    flaky: tuple[str, ...] = ()
    """Tests that failed once on the second side, and not again or also on the first."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verification found."""

    before: str
    """What stood on the first side: `git HEAD 1a2b3c4`."""
    after: str
    isolation: str
    platform: str
    python: str
    entries: tuple[EntryVerdict, ...] = ()
    tests: TestVerdict | None = None
    guilty: tuple[Guilty, ...] = ()
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    """What could not be verified, and why."""

    @property
    def is_worse(self) -> bool:
        """Whether anything got worse."""
        return any(entry.is_worse for entry in self.entries) or bool(self.tests and self.tests.broken)

    @property
    def is_only_measured(self) -> bool:
        """Whether nothing got worse but what is measured, and no single change can be blamed for."""
        measured = (Aspect.TIME, Aspect.MEMORY)
        worse = [
            each for entry in self.entries for each in entry.comparisons if each.judgement is Judgement.WORSE
        ]
        return all(each.aspect in measured for each in worse) and not (self.tests and self.tests.broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plan with its patches, which may have been verified."""

    plan: Plan
    """Without the guilty changes."""
    patches: tuple[Patch, ...]
    verdict: Verdict | None = None
    code: int | None = None
    """The exit code where nothing may be written."""
