"""What a report shows beside the plan: how long imports take, as measured or as estimated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A module, and what it loaded: a box of an icicle chart."""

    name: str
    ms: float
    """With all below it."""
    kind: str
    """`own`: of the project; `heavy`; `other`."""
    at: str = ""
    """`path:line` of what loaded it, where it is known."""
    below: tuple["Slice", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One import of an entry, over time."""

    title: str
    """The entry."""
    side: str
    """`before`, `after` or `now`."""
    ms: float
    is_measured: bool
    """Else estimated from what heavy modules cost."""
    mib: float | None = None
    """The largest resident memory."""
    modules: int | None = None
    note: str = ""
    """What is to be said of it: why it did not come to an end, say."""
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One aspect of a verdict: `time`, `worse`, `1.2 s`, `1.9 s`."""

    aspect: str
    judgement: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What files of `lazify profile` and `lazify verify` told."""

    timelines: tuple[Timeline, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()
    """By entry."""
    notes: tuple[str, ...] = ()
