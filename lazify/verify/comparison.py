"""What of one entry became better or worse: aspect by aspect, from what importing it showed on both sides."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lazify.config import Config
from lazify.knowledge.heavy import Costs
from lazify.model.observations import Imported, LoadedModule, Observation
from lazify.model.verdicts import Aspect, Comparison, Judgement
from lazify.verify.effects import matters, named
from lazify.verify.names import lost_names
from lazify.verify.wording import megabytes, said, seconds

_SLOWER, _SLOWER_BY = 1.25, 0.05
"""An import that takes longer by less than both a quarter and 50 ms may as well take as long as before."""
_LARGER, _LARGER_BY = 1.1, 8 * 2**20
_MIB = 2**20
_LEAST = Config()
"""Where heavy begins, if nothing else is configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One state of a project, and what importing the entry showed there."""

    seen: Observation
    root: Path
    """The copy that it was imported in; paths below it are said relative to it."""

    @property
    def is_imported(self) -> bool:
        """Whether the import succeeded."""
        return isinstance(self.seen.outcome, Imported)


def compare(before: Side, after: Side, *, costs: Costs) -> Iterator[Comparison]:
    """Compare all aspects; what an import that failed has not come to is no difference."""
    yield _imports(before, after)
    if after.is_imported:
        yield _effects(before, after)
        yield _heavy(before, after, costs)
        yield _time(before, after)
        yield _memory(before, after)
        yield _modules(before, after)
        yield _names(before, after)
        yield _routes(before, after)


def one_sided(before: Side | None, after: Side | None) -> tuple[Comparison, ...]:
    """Say what there is to say of an entry that is missing on one side."""
    judgement = Judgement.UNKNOWN if after is not None and after.is_imported else Judgement.WORSE
    words = ["not there" if side is None else said(side.seen.outcome, side.root) for side in (before, after)]
    return (Comparison(aspect=Aspect.IMPORT, judgement=judgement, before=words[0], after=words[1]),)


def heavy_packages(side: Side, costs: Costs) -> set[str]:
    """The installed packages that are heavy by what was measured here or, if they are listed, by the table."""
    own = {module.name.partition(".")[0] for module in side.seen.modules if _is_own(module, side.root)}
    return {
        module.name
        for module in side.seen.modules
        if "." not in module.name and module.file and module.name not in own and _is_heavy(module, costs)
    }


def _imports(before: Side, after: Side) -> Comparison:
    judgement = _ordered(after.is_imported, before.is_imported)
    return Comparison(
        aspect=Aspect.IMPORT,
        judgement=judgement,
        before=said(before.seen.outcome, before.root),
        after=said(after.seen.outcome, after.root),
    )


def _effects(before: Side, after: Side) -> Comparison:
    return _sets(Aspect.EFFECTS, before, _effect_names(before), _effect_names(after))


def _heavy(before: Side, after: Side, costs: Costs) -> Comparison:
    """What was heavy in any of the runs: a package is neither new nor gone because it took longer in one of them."""
    heavy = heavy_packages(before, costs) | heavy_packages(after, costs)
    was, now = ({module.name for module in side.seen.modules} & heavy for side in (before, after))
    return _sets(Aspect.HEAVY, before, was, now)


def _time(before: Side, after: Side) -> Comparison:
    was, now = before.seen.seconds, after.seen.seconds
    judgement = (
        _measured(was, now, factor=_SLOWER, least=_SLOWER_BY) if before.is_imported else Judgement.UNKNOWN
    )
    return Comparison(aspect=Aspect.TIME, judgement=judgement, before=seconds(was), after=seconds(now))


def _memory(before: Side, after: Side) -> Comparison:
    was, now = before.seen.peak_bytes, after.seen.peak_bytes
    is_known = before.is_imported and was and now
    judgement = _measured(was, now, factor=_LARGER, least=_LARGER_BY) if is_known else Judgement.UNKNOWN
    return Comparison(aspect=Aspect.MEMORY, judgement=judgement, before=megabytes(was), after=megabytes(now))


def _modules(before: Side, after: Side) -> Comparison:
    """How many is told and not judged: what they cost is, in time and memory."""
    was, now = ({module.name for module in side.seen.modules} for side in (before, after))
    judgement = Judgement.UNKNOWN
    if before.is_imported:
        judgement = Judgement.BETTER if len(now) < len(was) else Judgement.SAME
    return Comparison(
        aspect=Aspect.MODULES,
        judgement=judgement,
        before=str(len(was)),
        after=str(len(now)),
        gone=tuple(sorted(_packages(was) - _packages(now))) if before.is_imported else (),
        new=tuple(sorted(_packages(now) - _packages(was))) if before.is_imported else (),
    )


def _names(before: Side, after: Side) -> Comparison:
    """Names that a getter answers for, or that only an import had bound, are not lost."""
    counts = [sum(len(names.values) for names in side.seen.names) for side in (before, after)]
    lost = tuple(lost_names(before.seen.names, after.seen.names, before.root))
    judgement = Judgement.WORSE if lost else Judgement.SAME if before.is_imported else Judgement.UNKNOWN
    return Comparison(
        aspect=Aspect.NAMES, judgement=judgement, before=str(counts[0]), after=str(counts[1]), gone=lost
    )


def _routes(before: Side, after: Side) -> Comparison:
    was, now = (
        {f"{each.app}: {each.method} {each.path}" for each in side.seen.routes} for side in (before, after)
    )
    gone, new = tuple(sorted(was - now)), tuple(sorted(now - was))
    judgement = Judgement.WORSE if gone else Judgement.SAME if before.is_imported else Judgement.UNKNOWN
    return Comparison(
        aspect=Aspect.ROUTES,
        judgement=judgement,
        before=str(len(was)),
        after=str(len(now)),
        gone=gone,
        new=new if before.is_imported else (),
    )


def _sets(aspect: Aspect, before: Side, was: Collection[str], now: Collection[str]) -> Comparison:
    """Compare what better is not there at all."""
    gone, new = sorted(set(was) - set(now)), sorted(set(now) - set(was))
    judgement = Judgement.WORSE if new else Judgement.BETTER if gone else Judgement.SAME
    if not before.is_imported:
        judgement, gone, new = Judgement.UNKNOWN, [], []
    return Comparison(
        aspect=aspect,
        judgement=judgement,
        before=str(len(was)),
        after=str(len(now)),
        gone=tuple(gone),
        new=tuple(new),
    )


def _ordered(now: bool, was: bool) -> Judgement:  # noqa: FBT001  # the two sides of one question
    return Judgement.SAME if now == was else Judgement.BETTER if now else Judgement.WORSE


def _measured(was: float, now: float, *, factor: float, least: float) -> Judgement:
    if now > was * factor and now > was + least:
        return Judgement.WORSE
    return Judgement.BETTER if was > now * factor and was > now + least else Judgement.SAME


def _effect_names(side: Side) -> set[str]:
    return {named(effect, side.root) for effect in side.seen.effects if matters(effect, side.root)}


def _is_heavy(module: LoadedModule, costs: Costs) -> bool:
    if "site-packages" not in str(module.file) and "dist-packages" not in str(module.file):
        return False
    if module.seconds * 1000 >= _LEAST.heavy_milliseconds or module.bytes >= _LEAST.heavy_mib * _MIB:
        return True
    cost = costs.of(module.name)
    return (
        cost is not None
        and not cost.is_framework
        and (cost.ms >= _LEAST.heavy_milliseconds or cost.mib >= _LEAST.heavy_mib)
    )


def _is_own(module: LoadedModule, root: Path) -> bool:
    return module.file is not None and module.file.is_relative_to(root)


def _packages(names: Iterable[str]) -> set[str]:
    return {name for name in names if "." not in name and not name.startswith("_")}
