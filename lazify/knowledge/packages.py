"""What is there of a package after a plain import of it: packages.toml, whose head explains the format."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from lazify.knowledge.heavy import Costs

_LEVELS = 2
"""How far down modules are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The contents of packages.toml, under the same names."""

    registers: frozenset[str]
    environment: frozenset[str]
    loggers: frozenset[str]
    filters: frozenset[str]
    fragile: frozenset[str]
    variables: Mapping[str, frozenset[str]]
    called: Mapping[str, frozenset[str]]
    standard: Mapping[str, frozenset[str]]
    classes: Mapping[str, frozenset[str]]
    files: Mapping[str, frozenset[str]]
    opened: Mapping[str, frozenset[str]]


class Packages:
    """Tells which modules are attributes of the packages that they lie in."""

    def __init__(self, costs: Costs, facts: Facts) -> None:
        """Take what is known of measured packages, and the contents of packages.toml."""
        self._costs = costs
        self.registers, self.environment = facts.registers, facts.environment
        self.loggers, self.filters = facts.loggers, facts.filters
        self.variables = facts.variables
        self._missing, self._opened = facts.standard, facts.opened
        self._classes, self._files = facts.classes, facts.files

    def opens(self, imported: str, wanted: str) -> bool:
        """Tell whether importing the module `imported` is known to make the module `wanted` an attribute.

        What is listed ends with the second level: whatever is below that is taken to come along with it.
        """
        if f"{imported}.".startswith(f"{wanted}."):
            return True
        top, *below = wanted.split(".")
        if top in sys.stdlib_module_names:
            around = accumulate(wanted.split("."), "{}.{}".format)
            return all(f"{imported}.".startswith(f"{each}.") or not self._is_missing(each) for each in around)
        if top in self._opened:
            return not self._opened[top].isdisjoint({"*", f"{below[0]}.*", ".".join(below[:_LEVELS])})
        return self._costs.loads(imported, ".".join((top, *below[:_LEVELS])))

    def may_lack(self, package: str) -> bool:
        """Tell whether a plain import of the package may leave some of its modules out."""
        return package not in sys.stdlib_module_names or package in self._missing

    def may_be_module(self, dotted: str) -> bool:
        """Tell whether a name in a package may be that of a module."""
        owner, _, name = dotted.rpartition(".")
        if name == name.lower() or self._costs.of(owner) is None:
            return True
        return self._costs.lists(dotted) or name in self._classes.get(owner, ())

    def is_file(self, module: str) -> bool:
        """Tell whether the module is known to have no modules in it."""
        owner, _, name = module.rpartition(".")
        return name in self._files.get(owner, ())

    def _is_missing(self, module: str) -> bool:
        owner, _, name = module.rpartition(".")
        return name in self._missing.get(owner, ())


def called_variables(package: str) -> frozenset[str]:
    """How the names of variables begin that the package reads when it is called."""
    return _facts().called.get(package, frozenset())


def may_fail_installed(package: str) -> bool:
    """Tell whether importing the package fails where something is missing that is no package."""
    return package in _facts().fragile


def packages(costs: Costs) -> Packages:
    """What packages.toml tells, beside these costs."""
    return Packages(costs, _facts())


@cache
def _facts() -> Facts:
    tables = tomllib.loads(Path(__file__).with_name("packages.toml").read_text(encoding="utf-8"))
    rows = {
        name: {package: frozenset(names) for package, names in table.items()}
        for name, table in tables.items()
        if isinstance(table, dict)
    }
    lists = {name: frozenset(map(str, names)) for name, names in tables.items() if isinstance(names, list)}
    return Facts(
        registers=lists["registers"],
        environment=lists["environment"],
        loggers=lists["loggers"],
        filters=lists["filters"],
        fragile=lists["fragile"],
        **rows,
    )
