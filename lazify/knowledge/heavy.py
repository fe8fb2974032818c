"""What importing packages costs: heavy.toml, whose head explains the format."""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

_NOTHING: Mapping[str, Iterable[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What importing a module in a fresh process costs."""

    module: str
    ms: int
    mib: int
    basis: str
    """How it is known: `measured with numpy 2.3.4`, `estimated: …`."""
    is_measured: bool
    is_framework: bool = False
    """Programs are built on it at module level: heavy only when somebody says so."""
    loads: frozenset[str] = frozenset()
    """The modules that importing it is known to bring along: of its own those below it, by their full names."""
    together: frozenset[str] = frozenset()
    """Heavy modules of other packages that it loads, too, where they are installed."""


class Costs:
    """The costs of modules by dotted name."""

    def __init__(self, costs: Mapping[str, Cost], namesakes: Mapping[str, Iterable[str]] = _NOTHING) -> None:
        """Take the costs by the module that each stands for; and who else installs a package of that name."""
        self._costs = costs
        self._namesakes = namesakes
        self._loaded: dict[str, frozenset[str]] = {}
        self._paid: dict[tuple[str, str], bool] = {}

    def of(self, dotted: str) -> Cost | None:
        """The cost of the longest listed name that `dotted` is or lies below: of `torch` for `torch.nn`."""
        while dotted:
            if dotted in self._costs:
                return self._costs[dotted]
            dotted = dotted.rpartition(".")[0]
        return None

    def brings(self, imported: str, wanted: str) -> bool:
        """Tell whether importing the module `imported` loads what is known to be heavy of the module `wanted`.

        Of an estimated package, and of a private part of any, nobody knows what it adds to the package.
        """
        cost = self.of(wanted)
        is_known_as_whole = cost is not None and (not cost.is_measured or "._" in wanted)
        if self.loads(imported, wanted):
            return True
        return is_known_as_whole and any(self.of(each) is cost for each in (imported, *self._loads(imported)))

    def has(self, package: str, module: str) -> bool:
        """Tell whether a module is known to be there wherever its package is: it was seen there.

        Of an estimated package nobody knows its parts: another version may have others.
        """
        cost = self._costs.get(module)
        return self.loads(package, module) or (cost is not None and cost.is_measured)

    def loads(self, imported: str, wanted: str) -> bool:
        """Tell whether importing the module `imported` is known to load the module `wanted`."""
        if f"{imported}.".startswith(f"{wanted}."):
            return True
        loaded = self._loads(imported)
        return wanted in loaded or any(wanted in self._loads(each) for each in loaded)

    def loaded_with(self, module: str) -> frozenset[str]:
        """Give the modules that importing this one is known to load, those of other packages too."""
        return self._loads(module) | self._together(module)

    def lists(self, module: str) -> bool:
        """Tell whether the module has a cost of its own, and not only that of what is around it."""
        return module in self._costs

    def pays_for(self, imported: str, wanted: str) -> bool:
        """Tell whether the known cost of `wanted` is spent once `imported` is loaded, where both are installed.

        What a part adds to a package that is measured as a whole is not known, and no reason to move it.
        """
        key = (imported, wanted)
        if key not in self._paid:
            self._paid[key] = self._pays_for(imported, wanted)
        return self._paid[key]

    def _pays_for(self, imported: str, wanted: str) -> bool:
        cost, own = self.of(wanted), imported.partition(".")[0]
        is_whole = cost is not None and f"{imported}.".startswith(f"{cost.module}.")
        if is_whole or self.brings(imported, wanted):
            return True
        others = (each for each in self._loads(imported) if each.partition(".")[0] != own)
        return any(self.brings(each, wanted) for name in (imported, *others) for each in self._together(name))

    def _together(self, module: str) -> frozenset[str]:
        cost = self.of(module)
        return cost.together if cost is not None else frozenset()

    def _loads(self, module: str) -> frozenset[str]:
        """Give what a module and the packages that it lies in are known to bring along."""
        if module not in self._loaded:
            owner = module.rpartition(".")[0]
            own = self._costs[module].loads if module in self._costs else frozenset()
            self._loaded[module] = own | self._loads(owner) if owner else own
        return self._loaded[module]

    def with_measured(self, measured: Iterable[Cost]) -> "Costs":
        """Give the costs as they are where these were measured, on which they have the last word."""
        known = dict(self._costs)
        for cost in measured:
            listed = known.get(cost.module)
            is_framework = listed is not None and listed.is_framework
            loads = listed.loads if listed is not None else frozenset()
            together = listed.together if listed is not None else frozenset()
            known[cost.module] = replace(cost, is_framework=is_framework, loads=loads, together=together)
        return Costs(known, self._namesakes)

    def where(self, required: Container[str]) -> "Costs":
        """Give the costs without those of packages whose namesakes are `required`, by their normalized names."""
        return self.without(
            {top for top, names in self._namesakes.items() if any(name in required for name in names)}
        )

    def without(self, packages: Container[str]) -> "Costs":
        """Give the costs without those of some packages and their modules."""
        costs = self._costs.items()
        rest = {module: cost for module, cost in costs if module.partition(".")[0] not in packages}
        return Costs(rest, self._namesakes) if len(rest) < len(costs) else self

    def __iter__(self) -> Iterator[Cost]:
        """Yield every cost that is listed."""
        return iter(self._costs.values())


@cache
def costs() -> Costs:
    """The costs of heavy.toml, read once in a process."""
    return read_costs(Path(__file__).with_name("heavy.toml").read_text(encoding="utf-8"))


def read_costs(text: str) -> Costs:
    """Read a file in the format of heavy.toml; what was measured wins over estimates."""
    tables = tomllib.loads(text)
    frameworks = frozenset(tables.get("frameworks", ()))
    found: dict[str, Cost] = {}
    for group in tables.get("estimated", ()):
        for module, (ms, mib) in group["costs"].items():
            basis = f"estimated: {group['because']}"
            is_framework = module in frameworks
            found[module] = Cost(
                module=module,
                ms=ms,
                mib=mib,
                basis=basis,
                is_measured=False,
                is_framework=is_framework,
                together=frozenset(group.get("others", ())),
            )
    for module, table in tables.get("measured", {}).items():
        found[module] = Cost(
            module=module,
            ms=table["ms"],
            mib=table["mib"],
            basis=f"measured with {module.partition('.')[0]} {table['version']}",
            is_measured=True,
            is_framework=module in frameworks,
            loads=frozenset(
                (*(f"{module}.{each}" for each in table.get("loads", ())), *table.get("others", ()))
            ),
        )
    for module, others in tables.get("together", {}).items():
        found[module] = replace(found[module], together=found[module].together.union(others))
    return Costs(found, tables.get("namesakes", {}))
