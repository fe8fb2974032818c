"""What a codemod is, and how codemods are found: by entry point, ours through the same door as anybody's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from lazify.errors import LazifyError
from lazify.model.changes import Change, Refusal

if TYPE_CHECKING:
    from lazify.index.view import View

GROUP = "lazify.codemods"
"""The entry-point group; each entry names a class that can be called without arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One program before and after: documentation and test at once."""

    code: str
    before: Mapping[str, str]
    """Path to text."""
    after: Mapping[str, str] | None = None
    """None where the codemod refuses."""
    refused: str | None = None
    """The reason, or a part of it."""
    flags: Mapping[str, object] = field(default_factory=dict)


@runtime_checkable
class Codemod(Protocol):
    """A frozen dataclass whose docstring is its documentation."""

    order: ClassVar[int]
    """Codemods run from the lowest to the highest. Those of one hundred (100 to 199, 200 to 299, …) are a step:
    they look at the same tree, and each sees in `View.earlier` what the ones before it said. The next step sees
    the tree that the steps before it leave."""
    codes: ClassVar[Mapping[str, str]]
    """Each code with its meaning in one line."""
    opt_in: ClassVar[frozenset[str]]
    """Codes that run only when selected by name."""
    examples: ClassVar[tuple[Example, ...]]

    def plan(self, view: "View") -> Iterator[Change | Refusal]:
        """Say what to do in one project, and what is left alone for which reason."""
        ...


@runtime_checkable
class Selective(Protocol):
    """A codemod that can tell cheaply that a project holds nothing for it: then no tree is made for it."""

    def is_concerned(self, view: "View") -> bool:
        """Tell whether `plan` might say anything, whatever earlier steps change."""
        ...


def is_concerned(codemod: Codemod, view: "View") -> bool:
    """Tell whether a codemod has to be asked."""
    return codemod.is_concerned(view) if isinstance(codemod, Selective) else True


def step_of(codemod: Codemod) -> int:
    """Number the step that a codemod belongs to."""
    return codemod.order // 100


def homes() -> Mapping[str, Path] | None:
    """Map every installed codemod to the folder of its code; None where some are not ours.

    What the plans of others' codemods depend on, nobody can tell.
    """
    found: dict[str, Path] = {}
    for entry in entry_points(group=GROUP):
        spec = find_spec(entry.module) if entry.module.startswith(f"{__package__}.") else None
        if spec is None or spec.origin is None:
            return None
        found[entry.value] = Path(spec.origin).parent
    return found


def load() -> tuple[Codemod, ...]:
    """Load every installed codemod, in the order in which they run.

    Raises LazifyError for an entry point that cannot be loaded or is no codemod.
    """
    found: list[Codemod] = []
    for entry in entry_points(group=GROUP):
        try:
            codemod = entry.load()()
        except Exception as error:
            raise LazifyError(
                f"the codemod {entry.name} ({entry.value}) cannot be loaded: {error}"
            ) from error
        if not isinstance(codemod, Codemod):
            raise LazifyError(
                f"{entry.value} is no codemod: it needs order, codes, opt_in, examples and plan()"
            )
        found.append(codemod)
    return tuple(sorted(found, key=lambda codemod: (codemod.order, type(codemod).__name__)))
