"""Who is to blame: the changes without which nothing that got worse does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.knowledge.heavy import Costs
from lazify.model.verdicts import EntryVerdict, Guilty, Judgement
from lazify.observing.entries import Entry
from lazify.verify.bench import Bench
from lazify.verify.comparison import Side
from lazify.verify.culprits import culprits
from lazify.verify.judging import CERTAIN, Judged, Tell, is_certainly_worse, still_passes
from lazify.verify.looking import Surroundings

Files = Mapping[Path, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What some changes come to."""

    changes: tuple[Guilty, ...]
    """Those that could be made without the others."""
    files: Files
    """What they leave otherwise than before, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Changes that can be made one without the other."""

    changes: tuple[Guilty, ...]
    make: Callable[[Sequence[Guilty]], Made]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What got worse, and how to tell whether it does."""

    bench: Bench
    surroundings: Surroundings
    costs: Costs
    entries: Mapping[str, Entry]
    verdicts: Sequence[EntryVerdict]
    judged: Judged | None = None

    @property
    def worse(self) -> list[EntryVerdict]:
        """The entries that got worse in what a single look tells."""
        return [verdict for verdict in self.verdicts if _is_certain(verdict)]

    @property
    def is_open(self) -> bool:
        """Whether there is anything to blame somebody for."""
        return bool(self.worse or (self.judged and self.judged.verdict.broken))

    def is_worse(self, tree: Path) -> bool:
        """Tell whether what got worse is worse in another tree, too."""
        if self.judged and self.judged.verdict.broken and not still_passes(self.judged, tree):
            return True
        return any(
            is_certainly_worse(
                self.entries[verdict.entry],
                Side(seen=verdict.before, root=self.bench.before),
                tree,
                self.surroundings,
                costs=self.costs,
            )
            for verdict in self.worse
            if verdict.before is not None
        )


def guilty(case: Case, suspects: Suspects, *, tell: Tell) -> tuple[Guilty, ...]:
    """Find the guilty changes; none where it is worse without any of them, too."""
    return tuple(culprits(suspects.changes, _Trying(case, suspects, tell)))


class _Trying:
    """Makes changes in copies of the first state; what was made or tried once is remembered."""

    def __init__(self, case: Case, suspects: Suspects, tell: Tell) -> None:
        self._case, self._suspects, self._tell = case, suspects, tell
        self._made: dict[tuple[str, ...], Made] = {}
        self._tries: dict[tuple[str, ...], bool] = {}

    def fails(self, changes: Sequence[Guilty]) -> bool:
        """Tell whether what got worse does with these changes alone."""
        made = self._make(changes)
        keys = tuple(change.key for change in made.changes)
        if keys not in self._tries:
            total = len(self._suspects.changes)
            self._tell(f"looking for the guilty change: try {len(self._tries) + 1}, {len(keys)} of {total}")
            with self._case.bench.tree(made.files) as tree:
                self._tries[keys] = self._case.is_worse(tree)
        return self._tries[keys]

    def made(self, changes: Sequence[Guilty]) -> Sequence[Guilty]:
        """Give those that can be made without the others."""
        keys = {change.key for change in self._make(changes).changes}
        return [change for change in self._suspects.changes if change.key in keys]

    def _make(self, changes: Sequence[Guilty]) -> Made:
        keys = tuple(change.key for change in changes)
        if keys not in self._made:
            self._made[keys] = self._suspects.make(changes)
        return self._made[keys]


def _is_certain(verdict: EntryVerdict) -> bool:
    return any(each.aspect in CERTAIN and each.judgement is Judgement.WORSE for each in verdict.comparisons)
