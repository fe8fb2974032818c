"""What importing packages costs: heavy.toml, whose head explains the format."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path


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
    """The submodules that importing it is known to bring along, with its own name before theirs."""


class Costs:
    """The costs of modules by dotted name."""

    def __init__(self, costs: Mapping[str, Cost]) -> None:
        """Take the costs by the module that each stands for."""
        self._costs = costs

    def of(self, dotted: str) -> Cost | None:
        """The cost of the longest listed name that `dotted` is or lies below: of `torch` for `torch.nn`."""
        while dotted:
            if dotted in self._costs:
                return self._costs[dotted]
            dotted = dotted.rpartition(".")[0]
        return None

    def brings(self, imported: str, wanted: str) -> bool:
        """Tell whether importing the module `imported` is known to load the module `wanted`."""
        if f"{imported}.".startswith(f"{wanted}."):
            return True
        above = imported
        while above:
            cost = self._costs.get(above)
            if cost is not None and wanted in cost.loads:
                return True
            above = above.rpartition(".")[0]
        return False

    def with_measured(self, measured: Iterable[Cost]) -> "Costs":
        """Give the costs as they are where these were measured, on which they have the last word."""
        known = dict(self._costs)
        for cost in measured:
            listed = known.get(cost.module)
            is_framework = listed is not None and listed.is_framework
            loads = listed.loads if listed is not None else frozenset()
            known[cost.module] = replace(cost, is_framework=is_framework, loads=loads)
        return Costs(known)

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
                module=module, ms=ms, mib=mib, basis=basis, is_measured=False, is_framework=is_framework
            )
    for module, table in tables.get("measured", {}).items():
        found[module] = Cost(
            module=module,
            ms=table["ms"],
            mib=table["mib"],
            basis=f"measured with {module.partition('.')[0]} {table['version']}",
            is_measured=True,
            is_framework=module in frameworks,
            loads=frozenset(f"{module}.{each}" for each in table.get("loads", ())),
        )
    return Costs(found)
