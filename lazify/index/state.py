"""State that outlives a call: which functions change which module-level names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain

from lazify.index.codes import Code, Codes
from lazify.index.installed import InstalledModule
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.once import runs_at
from lazify.index.project import Defined, External, InModule, Project, Target
from lazify.knowledge import Knowledge
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    BindingKind,
    CallRef,
    Does,
    EnterRef,
    ItemRef,
    LiteralRef,
    NameRef,
    Ref,
)

CHANGES_FIRST_ARGUMENT = frozenset(
    {
        "builtins.next", "builtins.setattr", "builtins.delattr", "heapq.heappush", "heapq.heappop",
        "heapq.heapify", "heapq.heapreplace", "heapq.heappushpop", "bisect.insort", "bisect.insort_left",
        "bisect.insort_right", "random.shuffle",
    }
)  # fmt: skip
"""Functions outside the project that change the object they are given first."""

LOGGERS = frozenset({"logging.Logger", "logging.LoggerAdapter", "structlog.BoundLogger", "loguru.Logger"})

Name = tuple[Module, str]


class State:
    """Who changes module-level names after they were bound."""

    def __init__(self, project: Project, codes: Codes, knowledge: Knowledge) -> None:
        """Look for changes in the functions of `project`, when first asked."""
        self._project = project
        self._codes = codes
        self._knowledge = knowledge
        self._installed: dict[Module, dict[Name, set[Code]]] = {}
        self._at_import: dict[Name, tuple[int, ...]] = {}
        self._memos: dict[tuple[Name, Code], bool] = {}

    def changers(self, module: Module, name: str) -> set[Code]:
        """The functions that rebind the name or change what it holds; those of tests do not count.

        Nor do those that only run while their module is imported: see `changed_at`. Attributes of classes are names
        of their own: `Manager.count`. What is set of a logger tells where its messages go, and nothing of what
        reads it depends on that.
        """
        if isinstance(module, InstalledModule):
            return self._in_installed(module).get((module, name), set())
        changers = self._changed.get((module, name), set())
        if not changers or self._is_logger(module, name) or self.changed_at(module, name):
            return set()
        return changers

    def changed_at(self, module: Module, name: str) -> tuple[int, ...]:
        """The module's statements that run the changers of a name, if those run then and never again."""
        key = (module, name)
        if key not in self._at_import:
            runs = [
                runs_at(self._project, code) if code.module is module else ()
                for code in self._changed.get(key, ())
            ]
            self._at_import[key] = tuple(sorted(chain.from_iterable(runs))) if all(runs) else ()
        return self._at_import[key]

    @cached_property
    def names(self) -> frozenset[str]:
        """The plain names of all that the project changes, and of what it is part of."""
        return frozenset(part for _, name in self._changed for part in name.split("."))

    def _is_logger(self, module: Module, name: str) -> bool:
        values = module.facts.scopes[MODULE].locals.get(name, ())
        return bool(values) and all(self._gives_logger(module, value) for value in values)

    def _gives_logger(self, module: Module, value: Ref | None) -> bool:
        if not isinstance(value, CallRef):
            return False
        made_by = resolve(self._project, module, value.callee)
        fact = self._knowledge.fact(made_by.name) if isinstance(made_by, External) else None
        return fact is not None and fact.result in LOGGERS

    def is_memo(self, module: Module, name: str, code: Code) -> bool:
        """Tell whether `code` alone writes the name, and only to remember what it made on first use."""
        key = ((module, name), code)
        if key not in self._memos:
            self._memos[key] = self.changers(module, name) == {code} and _is_memo(module, name, code)
        return self._memos[key]

    @cached_property
    def _changed(self) -> dict[Name, set[Code]]:
        changed: dict[Name, set[Code]] = defaultdict(set)
        for module in self._project.modules.values():
            if not module.source.is_test:
                self._add(module, changed)
        return changed

    def _in_installed(self, module: InstalledModule) -> Mapping[Name, set[Code]]:
        """What the functions of that module change: nobody else is asked, lest all that is installed be read."""
        if module not in self._installed:
            self._installed[module] = defaultdict(set)
            self._add(module, self._installed[module])
        return self._installed[module]

    def _add(self, module: Module, changed: dict[Name, set[Code]]) -> None:
        for number, ref in module.facts.changes:
            for name in self._named(module, ref):
                changed[name].add(self._codes.of(module, number))

    def _named(self, module: Module, ref: Ref) -> Iterator[Name]:
        """The module-level names whose object `ref` may be, or be part of."""
        attributes: list[str] = []
        at: Ref | None = ref
        while not isinstance(at, NameRef):
            if isinstance(at, AttributeRef):
                attributes.append(at.name)
            elif not isinstance(at, ItemRef | EnterRef):
                return
            at = at.value
        if at.scope == MODULE:
            targets = [self._project.lookup(module, at.name)]
        else:
            items = module.imports_of(at.scope, at.name)
            targets = [self._project.import_target(module, item) for item in items]
        found = (self._target(target, list(attributes)) for target in targets)
        yield from (each for each in found if each is not None)

    def _target(self, target: Target | None, attributes: list[str]) -> Name | None:
        while isinstance(target, InModule) and attributes:
            module, name = target.module, attributes.pop()
            target = self._project.member(target, name)
            if target is None or (isinstance(target, InModule) and not attributes):
                return module, name
        if not isinstance(target, Defined):
            return None
        is_part = bool(attributes) and is_class(target)
        return target.module, f"{target.name}.{attributes[-1]}" if is_part else target.name


def is_class(target: Defined) -> bool:
    """Tell whether the name is that of a class, whose attributes are told apart."""
    bindings = target.module.facts.bindings.get(target.name, ())
    return any(binding.kind is BindingKind.CLASS for binding in bindings)


def _is_memo(module: Module, name: str, code: Code) -> bool:
    bindings = module.facts.bindings.get(name, ())
    written = [b for b in bindings if b.scope != MODULE]
    starts_empty = LiteralRef("None") in module.facts.scopes[MODULE].locals.get(name, ())
    reads = any(o.does is Does.READ and o.subject == NameRef(name, MODULE) for o in code.scope.operations)
    return (
        code.module is module
        and starts_empty
        and reads
        and bool(written)
        and all(b.scope == code.number and b.kind is BindingKind.ASSIGN for b in written)
    )
