"""`import a` and `a.b.c`: uses of submodules that somebody else's import has made attributes of their package."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.imports.graph import Graph
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.knowledge.heavy import Costs
from lazify.knowledge.packages import packages
from lazify.model.facts import MODULE, Import, Use


class Reach(NamedTuple):
    """A use of `a.b`, which may be a module, where only `a` is imported."""

    module: Module
    use: Use
    root: str
    """`a`: what the name stands for."""
    dotted: str
    """`a.b`"""
    is_called: bool
    is_owner: bool
    """Something is asked of it."""


class Loaded(NamedTuple):
    """What an import of another package loads."""

    module: Module
    item: Import
    name: str
    """`a.b.c`, with which `a.b` and `a` are loaded."""


class Submodules:
    """Finds who relies on an import without a word."""

    def __init__(self, view: View, costs: Costs, graph: Graph) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._project = view.project
        self._costs = costs
        self._known = packages(costs)
        self._graph = graph
        self._reaches_of: dict[str, Mapping[str, list[Reach]]] = {}
        self._unnamed_of: dict[str, tuple[Reach, ...]] = {}
        self._before: dict[Module, frozenset[Module]] = {}
        self._relying_on: dict[Module, tuple[tuple[Loaded, Reach], ...]] = {}

    def problem(self, candidate: Candidate, found: HeavyImport, run: frozenset[Module]) -> Problem | None:
        """Say who relies on the import, or on those of the modules of the project that it `run`s."""
        module, item = candidate.module, found.item
        for loaded in self._loaded(module, item):
            for reach in self._reaching(loaded):
                if not (reach.module is module and self._gets_too(module, item, reach.use)):
                    return _problem("this import", loaded, reach)
        relied_on = (each for each in run if self._relying(each))
        for other in sorted(
            relied_on, key=lambda each: each.path
        ):  # one order, for the same reason in every run
            for loaded, reach in self._relying(other):
                if not self._is_within(reach.module, run):
                    return _problem(other.name, loaded, reach)
        return None

    def _relying(self, module: Module) -> tuple[tuple[Loaded, Reach], ...]:
        """Who relies on what the module imports of other packages at its top level; not itself."""
        if module not in self._relying_on:
            items = [i for i in module.facts.imports if i.scope == MODULE and not i.is_typing]
            loaded = (each for item in items for each in self._loaded(module, item))
            relying = ((each, reach) for each in loaded for reach in self._reaching(each))
            self._relying_on[module] = tuple(each for each in relying if each[1].module is not module)
        return self._relying_on[module]

    def _loaded(self, module: Module, item: Import) -> Iterator[Loaded]:
        """Yield what the import takes of another package, and what is known to be loaded with it."""
        if not self._is_foreign(module, item):
            return
        yield Loaded(module, item, item.module)
        along = self._costs.loaded_with(item.module)
        if item.name is not None and self._may_be_module(module, item):
            yield Loaded(module, item, f"{item.module}.{item.name}")
            along |= self._costs.loaded_with(f"{item.module}.{item.name}")
        for name in sorted(along):
            if name not in self._imported:
                yield Loaded(module, item, name)

    def _may_be_module(self, module: Module, item: Import) -> bool:
        """Tell whether what is taken from a package may be a module of it."""
        assert item.name is not None
        name = f"{item.module}.{item.name}"
        uses = module.facts.uses.get(item.binds, ())
        if any(use.is_called and not use.attributes for use in uses):
            return False
        if uses and not any(use.attributes for use in uses):
            return False
        return self._looks_like_module(name) and not self._is_no_module(name)

    def _looks_like_module(self, dotted: str) -> bool:
        """Tell a module from a class by the case of its name, in a package whose few exceptions are known."""
        if dotted.endswith("__"):
            return False
        return self._known.may_be_module(dotted) or dotted in self._packages

    def _reaching(self, loaded: Loaded) -> Iterator[Reach]:
        """Yield the uses of what importing this name loads, or may load where nothing is known to."""
        top = loaded.name.partition(".")[0]
        if not self._known.may_lack(top):
            return
        reaches = self._reaches(top)
        for dotted in accumulate(loaded.name.split("."), "{}.{}".format):
            for reach in reaches.get(dotted, ()):
                if not self._imports_itself(reach, but=loaded.item):
                    yield reach
        if loaded.name != top and not self._known.opens(top, loaded.name):
            yield from (each for each in self._unnamed(top) if not self._has_loaded(each))

    def _unnamed(self, top: str) -> tuple[Reach, ...]:
        """What looks like a use of a module that its file does not import by its name."""
        if top not in self._unnamed_of:
            self._unnamed_of[top] = tuple(
                each
                for dotted, reaches in self._reaches(top).items()
                if _is_small(dotted) and not self._is_of_framework(dotted)
                if all(each.is_owner for each in reaches)  # else it is handed on like any other value
                for each in reaches
            )
        return self._unnamed_of[top]

    def _is_of_framework(self, dotted: str) -> bool:
        """`from flask import current_app`: what a framework gives are objects far more often than modules."""
        cost = self._costs.of(dotted.partition(".")[0])
        return cost is not None and cost.is_framework and dotted.count(".") > 1

    def _has_loaded(self, reach: Reach) -> bool:
        """Tell whether a module that has been imported by then imports the submodule by its name: there it stays."""
        if reach.dotted not in self._imported:
            return False
        if reach.module not in self._before:
            queue, seen = [reach.module], {reach.module}
            while queue:
                fresh = [each for each in self._graph.direct(queue.pop()) if each not in seen]
                seen.update(fresh)
                queue += fresh
            self._before[reach.module] = frozenset(seen)
        importers = self._project.mentioning(reach.dotted.rpartition(".")[2])
        return any(each in self._before[reach.module] and _imports(each, reach.dotted) for each in importers)

    @cached_property
    def _imported(self) -> frozenset[str]:
        """All that some module imports of other packages, and what is around it."""
        return self._packages | {
            f"{item.module}.{item.name}"
            for module in self._project.modules.values()
            for item in module.facts.imports
            if item.name and not item.is_typing and not item.level
        }

    @cached_property
    def _packages(self) -> frozenset[str]:
        """The modules that some module of the project imports, or imports something from, and what is around them."""
        names = {
            item.module
            for module in self._project.modules.values()
            for item in module.facts.imports
            if not item.is_typing and not item.level
        }
        return frozenset(each for name in names for each in accumulate(name.split("."), "{}.{}".format))

    def _is_no_module(self, dotted: str) -> bool:
        """Tell whether the project's interpreter has what the name begins with, and nothing of the whole name."""
        has = self._view.is_installed
        return has is not None and has(dotted.partition(".")[0]) and not has(dotted)

    def _is_foreign(self, module: Module, item: Import) -> bool:
        return not item.level and self._project.source_module(module, item) is None

    def _is_within(self, module: Module, run: frozenset[Module]) -> bool:
        """Tell whether the module is there only once these are imported."""
        return module in run and self._importers.get(module, frozenset()) <= run

    @cached_property
    def _importers(self) -> dict[Module, set[Module]]:
        found: defaultdict[Module, set[Module]] = defaultdict(set)
        for module in self._project.modules.values():
            for each in self._graph.direct(module):
                found[each].add(module)
        return found

    def _gets_too(self, module: Module, item: Import, use: Use) -> bool:
        """Tell whether the function of the use, or one around it, uses what the import binds: it goes there, too."""
        if use.name == item.binds:
            return True
        scopes = module.facts.scopes
        users = {each.scope for each in module.facts.uses.get(item.binds, ()) if each.deferred}
        at = use.scope
        while at != MODULE:
            if at in users and scopes[at].kind in ("function", "lambda"):
                return True
            at = scopes[at].parent
        return False

    def _imports_itself(self, reach: Reach, *, but: Import) -> bool:
        """Tell whether the module, or the function of the use, imports the submodule."""
        return _imports(reach.module, reach.dotted, scopes=(MODULE, reach.use.scope), but=but)

    def _reaches(self, top: str) -> Mapping[str, list[Reach]]:
        """Uses of `a.b` where the module imports `a`, of the package `top`, by the dotted name; one for each depth."""
        if top not in self._reaches_of:
            found: dict[str, list[Reach]] = {}
            for module, name, root in self._tops.get(top, ()):
                for use in module.facts.uses.get(name, ()):
                    if use.is_typing:
                        continue
                    for reach in _reaches_of(module, use, root):
                        found.setdefault(reach.dotted, []).append(reach)
            self._reaches_of[top] = {
                dotted: [each for each in reaches if not self._known.opens(each.root, dotted)]
                for dotted, reaches in found.items()
                if not any(each.is_called for each in reaches)  # modules cannot be called
                and self._looks_like_module(dotted)
                and not self._is_no_module(dotted)
            }
        return self._reaches_of[top]

    @cached_property
    def _tops(self) -> dict[str, list[tuple[Module, str, str]]]:
        """Who binds a package, or what may be one in it, to which name; by the outermost package."""
        found: defaultdict[str, list[tuple[Module, str, str]]] = defaultdict(list)
        for module in self._project.modules.values():
            bound = {item.binds: item for item in module.facts.imports if not item.level}
            for name, item in bound.items():
                top = item.module.partition(".")[0]
                plain = item.module if item.alias else top
                root = f"{item.module}.{item.name}" if item.name else plain
                if self._known.is_file(root) or not self._looks_like_module(root):
                    continue
                if self._is_foreign(module, item):
                    found[top].append((module, name, root))
        return found


def _imports(
    module: Module, dotted: str, *, scopes: tuple[int, ...] = (MODULE,), but: Import | None = None
) -> bool:
    """Tell whether the module imports that submodule, or something of it."""
    for item in module.facts.imports:
        names = {item.module, f"{item.module}.{item.name}"} if item.name else {item.module}
        is_seen = item.scope in scopes and not item.is_typing and (but is None or item.span != but.span)
        if is_seen and any(f"{name}.".startswith(f"{dotted}.") for name in names):
            return True
    return False


def _is_small(dotted: str) -> bool:
    """Tell whether the last of the names is in small letters."""
    last = dotted.rpartition(".")[2]
    return last == last.lower()


def _reaches_of(module: Module, use: Use, root: str) -> Iterator[Reach]:
    dotted = root
    for depth, attribute in enumerate(use.attributes, 1):
        dotted = f"{dotted}.{attribute}"
        is_last = depth == len(use.attributes)
        yield Reach(module, use, root, dotted, is_called=is_last and use.is_called, is_owner=not is_last)


def _problem(what: str, loaded: Loaded, reach: Reach) -> Problem:
    does = "loads" if f"{loaded.name}.".startswith(f"{reach.dotted}.") else "may load"
    reason = (
        f"{reach.module.name} uses {reach.dotted} and does not import it: if it is a module, {what} {does} it"
    )
    return problem(reason, reach.module, reach.use.span)
