"""Who looks into `sys.modules` for what a program has loaded: an import that comes later changes what is found there.

if "grpc" in sys.modules: …                      torch = sys.modules.get("torch")
def is_loaded(name): return name in sys.modules  and `is_loaded("torch")` in another file
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from lazify.getter.earlier import is_around
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE
from lazify.model.places import Span

_QUOTED = re.compile(r"""["']([A-Za-z_][\w.]*)["']""")
_OWN = re.compile(r"\s*(?:\[|\.get\()\s*[\w.()]*__(?:name|module|package)__\b")
"""`sys.modules[__name__]`, `sys.modules[cls.__module__]`: what asks is loaded."""


class ModuleTable:
    """The names for which the code of one project may look there, tests apart."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def problem(self, importer: Module, names: Iterable[str]) -> Problem | None:
        """Say where somebody looks for one of these names once `importer` may have loaded what they stand for."""
        for name in names:
            for looking, naming, span, scope in self._places.get(name, ()):
                if scope == MODULE and self._is_before(looking, span, importer):
                    continue
                who = f"{looking.name} looks into sys.modules, and "
                who += f"names {name}" if naming is looking else f"{naming.name} names {name} to it"
                return problem(f"{who}: it may find it later only", looking, span)
        return None

    def _is_before(self, package: Module, span: Span, importer: Module) -> bool:
        """Tell whether a package looks when none of the project's code below it has run yet."""
        if package is importer or not is_around(package, importer):
            return False
        above = [item for item in package.facts.imports if item.span.line < span.line]
        is_alone = not any(self._view.project.imported_modules(package, item) for item in above)
        return is_alone and all(each.span.line >= span.line for each in package.facts.dynamics)

    @cached_property
    def _places(self) -> dict[str, list[tuple[Module, Module, Span, int]]]:
        """Who looks and who names it, where, and in which scope."""
        found: dict[str, list[tuple[Module, Module, Span, int]]] = {}
        for module in filter(runs_in_service, self._view.project.mentioning("modules")):
            for span, scope in self._sites(module):
                for naming, text in ((module, self._view.text(module).whole), *self._told(module, scope)):
                    for dotted in _QUOTED.findall(text) if naming is module else (text,):
                        for name in {dotted, dotted.partition(".")[0]}:
                            found.setdefault(name, []).append((module, naming, span, scope))
        return found

    def _sites(self, module: Module) -> Iterator[tuple[Span, int]]:
        """Yield where the table is read, with the scope, but for the asking module itself."""
        tables = {
            i.binds for i in module.facts.imports if (i.module, i.name, i.level) == ("sys", "modules", 0)
        }
        sites = [(each.span, each.scope) for each in module.facts.dynamics if each.what == "sys.modules"]
        sites += [(use.span, use.scope) for name in sorted(tables) for use in module.facts.uses.get(name, ())]
        text = self._view.text(module)
        for span, scope in sorted(sites):
            if not _OWN.match(text.whole, text.offset(span.end_line, span.end_column)):
                yield span, scope

    def _told(self, module: Module, scope: int) -> Iterator[tuple[Module, str]]:
        """Yield the texts that other files hand to a function that looks there."""
        if scope == MODULE:
            return
        name = module.facts.scopes[scope].name.rpartition(".")[2]
        for other in filter(runs_in_service, self._view.project.mentioning(name)):
            for _, call in other.calls_of(name) if other is not module else ():
                for argument in call.arguments:
                    if isinstance(argument.constant, str):
                        yield other, argument.constant
