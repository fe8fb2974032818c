"""Which imports are heavy: by the table, or because the user says so."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lazify.config import Config
from lazify.index.modules import Module
from lazify.index.project import External, Project
from lazify.index.view import View
from lazify.knowledge.heavy import Cost, Costs
from lazify.model.effects import Evidence
from lazify.model.facts import Import
from lazify.model.places import Span

_STRING = re.compile(r"""["']([\w.]+)["']""")

LIST = "__lazy_modules__"
"""The names of modules whose imports Python 3.15 makes lazy (PEP 810)."""
LEAST_MS = 25
LEAST_MIB = 10
"""What an import must cost, one or the other, in order to be heavy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heavy:
    """Why an import is heavy."""

    package: str
    """The top package: `torch` for `torch.nn.functional`."""
    cost: Cost | None
    """None where only the user says so."""
    way: tuple[Evidence, ...] = ()
    """How a module of the project comes to load it."""

    @property
    def fact(self) -> str:
        """The reason in words, with its source."""
        if self.cost is None:
            return f"{self.package} is heavy by --heavy"
        return f"{self.cost.module} takes about {self.cost.ms} ms and {self.cost.mib} MiB [{self.cost.basis}]"


class Weights:
    """Tells heavy imports from light ones."""

    def __init__(
        self, project: Project, config: Config, costs: Costs, read: Callable[[Module, Span], str]
    ) -> None:
        """`costs` are those of the knowledge base; `read` gives the text at a span."""
        self._read = read
        self._listed: dict[Module, frozenset[str]] = {}
        self._project = project
        self._config = config
        self._costs = costs
        self._known: dict[str, Heavy | None] = {}

    def of(self, module: Module, item: Import) -> Heavy | None:
        """Tell why the import is heavy; None for light ones, and for modules of the project."""
        name = imported_name(self._project, module, item)
        if name is None or item.module in self.listed(module):
            return None
        if name not in self._known:
            self._known[name] = self._weigh(name)
        return self._known[name]

    def listed(self, module: Module) -> frozenset[str]:
        """List the modules that `__lazy_modules__` names, where it is a plain display."""
        bound = module.facts.bindings.get(LIST, ())
        if not bound:
            return frozenset()
        if module not in self._listed:
            span = module.facts.statements[bound[0].statement].value_span
            self._listed[module] = frozenset(_STRING.findall(self._read(module, span)) if span else ())
        return self._listed[module]

    def _weigh(self, name: str) -> Heavy | None:
        package = name.partition(".")[0]
        cost = self._costs.of(name)
        if self._is_named(name):
            return Heavy(package=package, cost=cost)
        is_heavy = cost is not None and (cost.ms >= LEAST_MS or cost.mib >= LEAST_MIB)
        return Heavy(package=package, cost=cost) if cost and is_heavy and not cost.is_framework else None

    def _is_named(self, name: str) -> bool:
        """Tell whether the user names it or a module above it; patterns of stars mean third-party modules only."""
        above = name
        while above:
            for pattern in self._config.heavy:
                is_own = any(char not in "*." for char in pattern)
                is_third_party = name.partition(".")[0] not in sys.stdlib_module_names
                if fnmatchcase(above, pattern) and (is_own or is_third_party):
                    return True
            above = above.rpartition(".")[0]
        return False


def weights_of(view: View, costs: Costs) -> Weights:
    """Make the scales of one project."""
    return Weights(view.project, view.config, costs, lambda module, span: view.text(module).cut(span))


def imported_name(project: Project, module: Module, item: Import) -> str | None:
    """Give the dotted name of what the import takes from outside of the project; None for what is inside.

    `from here import np` takes `numpy`, if that is what `np` is there.
    """
    if item.name == "*" or item.module == "__future__":
        return None
    target = project.import_target(module, item)
    if not isinstance(target, External) or project.find(target.name, seen_from=module) is not None:
        return None  # what is missing in a package of the project, compiled, say, is not from outside
    is_direct = project.source_module(module, item) is None
    return item.module if is_direct and item.name is None else target.name
