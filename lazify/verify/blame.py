"""Who is to blame: the changes without which nothing that got worse does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.knowledge.heavy import Costs
from lazify.model.verdicts import EntryVerdict, Guilty, Judgement
from lazify.observing.entries import Entry
from lazify.verify.bench import Bench
from lazify.verify.culprits import culprits
from lazify.verify.judging import CERTAIN, Judged, Tell, is_certainly_worse, still_passes
from lazify.verify.looking import Surroundings
from lazify.verify.suite import Suite

Files = Mapping[Path, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Changes that can be made one without the other."""

    changes: tuple[Guilty, ...]
    """In an order in which the first ones can be made without the later ones."""
    made: Callable[[Sequence[Guilty]], Files]
    """Gives the files that these changes, and no others, leave otherwise than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What got worse, and how to tell whether it does."""

    bench: Bench
    surroundings: Surroundings
    costs: Costs
    entries: Mapping[str, Entry]
    verdicts: Sequence[EntryVerdict]
    suite: Suite | None = None
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
        if self.suite and self.judged and self.judged.verdict.broken:
            if not still_passes(self.suite, self.judged, tree):
                return True
        return any(
            is_certainly_worse(
                self.entries[verdict.entry],
                verdict.before,
                self.bench,
                tree,
                self.surroundings,
                costs=self.costs,
            )
            for verdict in self.worse
            if verdict.before is not None
        )


def guilty(case: Case, suspects: Suspects, *, tell: Tell) -> tuple[Guilty, ...]:
    """Find the guilty changes; none where it is worse without any of them, too."""
    tries = 0

    def fails(changes: Sequence[Guilty]) -> bool:
        nonlocal tries
        tries += 1
        tell(f"looking for the guilty change: try {tries}, {len(changes)} of {len(suspects.changes)} changes")
        with case.bench.tree(suspects.made(changes)) as tree:
            return case.is_worse(tree)

    return tuple(culprits(suspects.changes, fails))


def _is_certain(verdict: EntryVerdict) -> bool:
    return any(each.aspect in CERTAIN and each.judgement is Judgement.WORSE for each in verdict.comparisons)
