"""What a codemod may look at: the project, its effects, its configuration and its text."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from lazify.config import Config
from lazify.discover.files import is_run_by_a_tool
from lazify.index.effects import Effects
from lazify.index.entries import entry_modules, import_closure
from lazify.index.lines import NEWLINE
from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.index.vendored import vendored
from lazify.knowledge import Knowledge
from lazify.knowledge.heavy import Cost, Costs, costs
from lazify.linters import Linters
from lazify.model.changes import Change, Refusal
from lazify.model.facts import Import
from lazify.model.places import Span

T = TypeVar("T")


def runs_in_service(module: Module) -> bool:
    """Tell whether importing the program runs the module: not so for tests, `setup.py` and their like."""
    return not (module.source.is_test or is_run_by_a_tool(module.path.name))


class Text:
    """The decoded text of one file, cut by spans."""

    def __init__(self, text: str) -> None:
        """Take the text as it stands in the file, newlines included."""
        self.whole = text

    def line(self, number: int) -> str:
        """Return a line with its newline; empty past the end of the file."""
        starts = self._starts
        return self.whole[starts[number - 1] : starts[number]] if number < len(starts) else ""

    def line_at(self, offset: int) -> int:
        """Return the number of the line in which the character at `offset` stands."""
        return bisect_right(self._starts, offset, hi=len(self._starts) - 1)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a character; the inverse of `line_at`, but for the column."""
        return self._starts[line - 1] + column

    def lines(self, first: int, last: int) -> str:
        """Return some lines of the file, with their newlines."""
        return self.whole[self._starts[first - 1] : self._starts[last]]

    def cut(self, span: Span) -> str:
        """Return what stands at `span`."""
        starts = self._starts
        return self.whole[starts[span.line - 1] + span.column : starts[span.end_line - 1] + span.end_column]

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each line begins, and where the last one ends."""
        text = self.whole
        if "\r" in text:
            return array("l", [0, *(match.end() for match in NEWLINE.finditer(text)), len(text)])
        lengths = (len(line) + 1 for line in text.split("\n"))
        starts = array("l", accumulate(lengths, initial=0))
        starts[-1] = len(text)
        return starts


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """One project as codemods see it; nothing here writes."""

    project: Project
    effects: Effects
    analyse: Callable[[Project], Effects]
    """Finds the effects of the same project with other modules."""
    knowledge: Knowledge
    config: Config
    read: Callable[[Path], str]
    """Gives the text of one of the project's files, as it was scanned."""
    platform_names: Mapping[str, str]
    """Names that a platform's files look up, each with the file that does."""
    platform_files: Mapping[Path, str] = field(default_factory=dict)
    """Files that tell a platform or server what to import and run."""
    stubs: Mapping[Path, str] = field(default_factory=dict)
    """The `.pyi` files of the project, with their text."""
    is_library: bool = False
    """The project is distributed: code nobody here can see uses its public names."""
    oldest_python: tuple[int, int] | None = None
    """The oldest Python that the project says it runs on."""
    linters: Linters = field(default_factory=Linters)
    """What the project's linters look at."""
    base: Path = Path()
    """What files named by the user are relative to."""
    requirements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the project says of the versions of other packages: normalized name to version specifiers."""
    measured: tuple[Cost, ...] = ()
    """What `lazify profile --save` measured in the project's own environment."""
    is_installed: Callable[[str], bool] | None = None
    """Tells whether the project's interpreter has a module or package of that name; None where it is not named."""
    required: frozenset[str] = frozenset()
    """Normalized names of the packages that are installed wherever the project is."""
    declined: frozenset[str] = frozenset()
    """Keys of changes that were refused in review."""
    earlier: tuple[Change | Refusal, ...] = ()
    """What the codemods before this one said."""
    gathered: dict[object, Any] = field(default_factory=dict, repr=False)
    """What has been found out of the tree so far, for all who ask: see `once`."""

    def once(self, kind: Callable[["View"], T]) -> T:
        """Make what a class or function finds out of the tree alone, or give what it made before.

        It is not made anew for other `earlier` changes.
        """
        if kind not in self.gathered:
            self.gathered[kind] = kind(self)
        found: T = self.gathered[kind]
        return found

    def but(self, *, declined: frozenset[str]) -> "View":
        """Return the same view after a review."""
        return replace(self, declined=declined, gathered={})

    def after(self, modules: Iterable[Module], *, read: Callable[[Path], str]) -> "View":
        """Return the view of the tree in which these modules have taken the place of those with their paths."""
        old = self.project
        changed = {**old.modules, **{module.path: module for module in modules}}
        foreign = old.unseen[len(old.failures) :]
        project = Project(changed.values(), old.failures, foreign=foreign)
        return replace(self, project=project, effects=self.analyse(project), read=read, gathered={})

    @cached_property
    def costs(self) -> Costs:
        """What importing packages costs: as measured here, or as the knowledge base has it.

        Of what the project carries within itself, nobody knows.
        """
        known = costs().where(self.requirements).without(vendored(self.project))
        return known.with_measured(self.measured)

    @property
    def _texts(self) -> dict[Path, Text]:
        return self.once(_no_texts)

    def reported(self) -> Iterator[Module]:
        """Yield the modules whose findings the user asked for: no tests, nothing that only a tool executes.

        With entries, these are the modules that importing them runs.
        """
        for module in self.project.modules.values():
            is_asked = module.source.is_selected and not module.facts.ignores_file
            is_entered = not self.config.entry or module in self.entered
            if is_asked and is_entered and runs_in_service(module):
                yield module

    def importers(self, module: Module) -> list[tuple[Module, Import]]:
        """List the imports that run the body of `module` unless it runs already, each with where it stands."""
        return self.once(_importers).get(module, [])

    @cached_property
    def entries(self) -> tuple[Module, ...]:
        """The modules that `--entry` names."""
        return tuple(entry_modules(self.project, self.config.entry, base=self.base))

    @cached_property
    def entered(self) -> frozenset[Module]:
        """The modules that importing the entries runs."""
        return frozenset(import_closure(self.project, self.entries))

    def taken(self, module: Module) -> frozenset[str]:
        """List every name that any scope of `module` binds or uses."""
        known = self.once(_no_names)
        if module not in known:
            facts = module.facts
            names = set(facts.bindings) | set(facts.uses) | {item.binds for item in facts.imports}
            for scope in facts.scopes:
                names |= scope.locals.keys() | scope.definitions.keys() | {p.name for p in scope.parameters}
            known[module] = frozenset(names)
        return known[module]

    def text(self, module: Module) -> Text:
        """Return the text of `module`."""
        if module.path not in self._texts:
            self._texts[module.path] = Text(self.read(module.path))
        return self._texts[module.path]


def _no_texts(_: View) -> dict[Path, Text]:
    return {}


def _no_names(_: View) -> dict[Module, frozenset[str]]:
    return {}


def _importers(view: View) -> dict[Module, list[tuple[Module, Import]]]:
    found: dict[Module, list[tuple[Module, Import]]] = {}
    for importer in view.project.modules.values():
        for item in importer.facts.imports:
            if not item.is_typing:
                for owner in view.project.named_modules(importer, item):
                    found.setdefault(owner, []).append((importer, item))
    return found
