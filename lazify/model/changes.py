"""What lazify wants to do, what it refuses to do, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """Put `code` in place of the expression, import alias, keyword argument or `global` name at `span`."""

    path: Path
    span: Span
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertBefore:
    """Put the statements `code` before the statement at `span`, at its indentation."""

    path: Path
    span: Span
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertAfter:
    """Put the statements `code` after the statement at `span`, at its indentation."""

    path: Path
    span: Span
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Take away the statement, import alias or list element at `span` (and the import that gets empty)."""

    path: Path
    span: Span
    keeps_comments: bool = False
    """The comments above the statement stay: they are about others, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Take the statements at `spans` away and put them, after the edits inside them, into `code` in place
    of its statement `HOLE`; `code` stands where the first of them, or the statement at `at`, stood.

    `HOLE` may also stand in an expression of `code`: then `spans` holds one expression, and the whole
    statement around it is replaced.
    """

    path: Path
    spans: tuple[Span, ...]
    code: str
    at: Span | None = None


HOLE = "__lazify_hole__"
"""The placeholder in `Move.code`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddImport:
    """Make `import module`, or `from module import name`, available at module level; no-op where it is."""

    path: Path
    module: str
    name: str | None = None
    alias: str | None = None
    is_typing: bool = False
    """Under `if TYPE_CHECKING:`, which is made where it is missing."""
    above: tuple[str, ...] = ()
    """Comments that go on the lines above it."""
    behind: str = ""
    """Comments that go behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArgument:
    """Put the arguments `code` behind those of the call at `span`, laid out as they are."""

    path: Path
    span: Span
    code: str


Edit = Replace | InsertBefore | InsertAfter | Erase | Move | AddImport | AddArgument


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The unit of acceptance: all of its edits or none."""

    key: str
    """Names the change in this plan, and again in a plan made after a smaller or larger choice."""
    code: str
    """`LZ101`"""
    title: str
    at: Place
    why: tuple[Evidence, ...]
    edits: tuple[Edit, ...]
    requires: frozenset[str] = frozenset()
    """Keys of changes that must be made with this one."""
    notes: tuple[str, ...] = ()
    step: int = 0
    """Its edits fit the tree that the changes of all smaller steps leave; `at` and `why` the files on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A finding that is reported and left alone, with the true reason."""

    code: str
    title: str
    at: Place
    reason: str
    why: tuple[Evidence, ...] = ()
    blocked_by: Place | None = None
    """The line that pins it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one run wants to do."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Failure, ...] = ()
    declined: frozenset[str] = frozenset()
    """Keys of the changes that it was made without."""
    grounds: Mapping[int, Mapping[Path, bytes]] = field(default_factory=dict, repr=False)
    """What files hold when a step begins, for those that earlier steps change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One file before and after, byte for byte."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was written, and where the journal lies."""

    written: tuple[Path, ...]
    journal: Path | None
