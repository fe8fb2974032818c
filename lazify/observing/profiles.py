"""What importing an entry costs: several runs that only measure, and one that finds out who is to blame."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from lazify.interpreter import Interpreter
from lazify.knowledge.heavy import Cost as Price
from lazify.knowledge.heavy import costs
from lazify.knowledge.measured import measured_cost
from lazify.model.observations import Imported, LoadedModule, Observation, Profile, Raised
from lazify.observing.entries import Entry
from lazify.observing.observe import Conditions, observe

_LEAST_SECONDS = 0.005
_LEAST_BYTES = 2 << 20
"""What a package's part in an import must cost, one or the other, to be worth measuring alone."""


def profile(
    entry: Entry, conditions: Conditions, *, runs: int, advance: Callable[[], None] = lambda: None
) -> Profile:
    """Import the entry `runs` times and once traced; `advance` hears of each import that is done.

    An entry that does not import is imported twice only.
    """
    traced = observe(
        entry, conditions, is_traced=True
    )  # first: it warms the caches, and its times do not count
    advance()
    plain: list[Observation] = []
    while len(plain) < runs and (not plain or isinstance(plain[-1].outcome, Imported)):
        plain.append(observe(entry, conditions, is_traced=False))
        advance()
    return _profile(entry, traced, plain)


def _profile(entry: Entry, traced: Observation, plain: Sequence[Observation]) -> Profile:
    seconds = median(each.seconds for each in plain)
    is_complete = isinstance(traced.outcome, Imported | Raised) and type(plain[-1].outcome) is type(
        traced.outcome
    )
    scale = seconds / traced.seconds if traced.seconds and is_complete else 1.0
    last = plain[-1]
    notes = dict.fromkeys((*traced.notes, *last.notes))
    if isinstance(traced.outcome, Imported) and not isinstance(last.outcome, Imported):
        notes["the first import went well: a later one found what the earlier ones had left"] = None
    return Profile(
        entry=entry.name,
        module=entry.module,
        # A traced run knows more of where it was.
        outcome=traced.outcome if type(traced.outcome) is type(last.outcome) else last.outcome,
        python=last.python,
        runs=tuple(each.seconds for each in plain),
        seconds=seconds,
        peak_bytes=int(median(each.peak_bytes for each in plain)),
        base_bytes=int(median(each.base_bytes for each in plain)),
        modules=tuple(_scaled(traced.modules, scale)),
        costs=tuple(
            replace(cost, own_seconds=cost.own_seconds * scale, seconds=cost.seconds * scale)
            for cost in traced.costs
        ),
        effects=traced.effects,
        variables=traced.variables,
        output=last.output,
        notes=tuple(notes),
    )


def _scaled(modules: Sequence[LoadedModule], scale: float) -> Iterator[LoadedModule]:
    for module in modules:
        yield replace(module, own_seconds=module.own_seconds * scale, seconds=module.seconds * scale)


def candidates(profiles: Sequence[Profile], interpreter: Interpreter) -> list[str]:
    """List the installed modules worth measuring alone: those that first-party code loads, and heavy.toml's.

    What a package costs in the course of another import says little: it depends on what was there already.
    """
    known = costs()
    found: dict[str, None] = {}
    for each in profiles:
        foreign = {module.name for module in each.modules if _is_foreign(module, interpreter)}
        for module in each.modules:
            is_dear = module.seconds >= _LEAST_SECONDS or module.bytes >= _LEAST_BYTES
            is_listed = "." not in module.name and known.of(module.name) is not None
            is_asked = is_listed or (is_dear and module.parent not in foreign)
            if is_asked and _is_below(module, interpreter.installed):
                found[module.name] = None
    return sorted(found)


def measure(module: str, root: Entry, conditions: Conditions, *, runs: int) -> Price | None:
    """Import one module alone, several times; None where that fails."""
    entry = replace(root, name=module, module=module, file=None)
    seen = [observe(entry, conditions, is_traced=False) for _ in range(runs)]
    if not all(isinstance(each.outcome, Imported) for each in seen):
        return None
    return measured_cost(
        module,
        ms=round(median(each.seconds for each in seen) * 1000),
        mib=round(median(each.peak_bytes - each.base_bytes for each in seen) / (1 << 20)),
        python=".".join(map(str, seen[0].python)),
    )


def _is_foreign(module: LoadedModule, interpreter: Interpreter) -> bool:
    return module.file is None or _is_below(module, interpreter.search_path)


def _is_below(module: LoadedModule, folders: Iterable[Path]) -> bool:
    return module.file is not None and any(module.file.is_relative_to(folder) for folder in folders)
