"""The verdict on two states of a project: its entries, then its tests."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lazify.knowledge.heavy import Costs
from lazify.model.observations import Imported, NotStarted, Observation
from lazify.model.verdicts import Aspect, Broken, EntryVerdict, Judgement, Tally, TestVerdict
from lazify.observing.entries import Entry
from lazify.verify.bench import Bench
from lazify.verify.chains import chain
from lazify.verify.comparison import Side, compare, heavy_packages, one_sided
from lazify.verify.effects import named
from lazify.verify.looking import Surroundings, look, look_at_both, moved
from lazify.verify.suite import PASSED, Suite, SuiteRun, run_suite

CERTAIN = frozenset({Aspect.IMPORT, Aspect.EFFECTS, Aspect.HEAVY, Aspect.NAMES, Aspect.ROUTES})
"""Aspects that are the same each time; time and memory are measured, and no single run tells them."""
WHOLE = "the whole command"

_LOOKS = 3
"""How often to look before something that is there now is taken to be new."""

Tell = Callable[[str], None]
"""Hears what is done next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on the tests, and what is needed to ask about the broken ones again."""

    suite: Suite
    verdict: TestVerdict
    only: frozenset[str] | None = None
    """The tests that tell, alone; None where only the whole command does."""


def judge_entries(
    entries: Iterable[Entry], bench: Bench, surroundings: Surroundings, *, costs: Costs, tell: Tell
) -> tuple[EntryVerdict, ...]:
    """Import every entry on both sides, and compare."""
    verdicts = []
    for entry in entries:
        tell(f"importing {entry.name}")
        before, after = look_at_both(entry, bench.before, bench.after, surroundings)
        verdicts.append(_entry_verdict(entry, bench, (before, after), surroundings, costs=costs))
    return tuple(verdicts)


def is_certainly_worse(
    entry: Entry, before: Side, tree: Path, surroundings: Surroundings, *, costs: Costs
) -> bool:
    """Look at the entry in another tree: is it worse there than before, in what is the same each time?"""
    for _ in range(_LOOKS):
        seen = look(moved(entry, tree), surroundings, is_traced=False)
        if isinstance(seen.outcome, Imported):  # what is not has nothing else to compare, and may hang
            seen = look(moved(entry, tree), surroundings, is_traced=True)
        after = Side(seen=seen, root=tree)
        compared = compare(before, after, costs=costs)
        if not any(each.aspect in CERTAIN and each.judgement is Judgement.WORSE for each in compared):
            return False
    return True


def why_not_verified(verdict: EntryVerdict) -> str | None:
    """Say why an entry could not be verified, if it could not."""
    if verdict.before is None and verdict.after is None:
        return f"{verdict.entry}: there before neither and after neither"
    for side, seen in (("before", verdict.before), ("after", verdict.after)):
        if seen is not None and isinstance(seen.outcome, NotStarted):
            return f"{verdict.entry}: could not be imported {side}: {seen.outcome.why}"
    return None


def judge_tests(suite: Suite, bench: Bench, *, tell: Tell) -> Judged:
    """Run the tests on both sides; what failed only on the second is tried again before it counts."""
    tell(f"running {suite.command} before")
    before = _run(suite, bench, bench.before)
    tell(f"running {suite.command} after")
    after = _run(suite, bench, bench.after)
    suspected = broken_tests(before, after)
    confirmed, only = _confirmed(suite, bench, suspected, tell)
    verdict = TestVerdict(
        command=suite.command,
        before=_tally(before),
        after=_tally(after),
        broken=tuple(_broken(test, after) for test in sorted(confirmed)),
        flaky=tuple(sorted(suspected - confirmed)),
        notes=tuple(_notes(before, after)),
    )
    return Judged(suite=suite, verdict=verdict, only=only)


def broken_tests(before: SuiteRun, after: SuiteRun) -> frozenset[str]:
    """The tests that passed before and do not now, those that no longer run among them."""
    if before.outcomes and (after.outcomes or not after.is_good):
        broken = before.passed - after.passed
        return broken or (frozenset({WHOLE}) if before.is_good and not after.is_good else broken)
    return frozenset({WHOLE}) if before.is_good and not after.is_good else frozenset()


def still_passes(judged: Judged, tree: Path) -> bool:
    """Tell whether what broke is whole in another tree."""
    run = run_suite(judged.suite, tree, only=judged.only)
    if judged.only is not None:
        return judged.only <= run.passed
    broken = {each.test for each in judged.verdict.broken}
    return run.is_good if WHOLE in broken else broken <= run.passed


def _confirmed(
    suite: Suite, bench: Bench, suspected: frozenset[str], tell: Tell
) -> tuple[frozenset[str], frozenset[str] | None]:
    """Those that fail again, alone or else with all the others, and pass before all the same."""
    if not suspected:
        return suspected, None
    for only in ([suspected] if WHOLE not in suspected else []) + [None]:
        tell("running what failed again")
        again = _run(suite, bench, bench.after, only=only)
        failing = _failing(suspected, again)
        if failing:
            narrow = failing if only is not None else None
            healthy = failing - _failing(failing, _run(suite, bench, bench.before, only=narrow))
            return healthy, (healthy if narrow is not None else None)
    return frozenset(), None


def _failing(tests: frozenset[str], run: SuiteRun) -> frozenset[str]:
    if WHOLE in tests:
        return frozenset() if run.is_good else tests
    return tests - run.passed


def _run(suite: Suite, bench: Bench, side: Path, *, only: Iterable[str] | None = None) -> SuiteRun:
    with bench.fresh(side) as tree:
        return run_suite(suite, tree, only=only)


def _entry_verdict(
    entry: Entry,
    bench: Bench,
    seen: Sequence[Observation | None],
    surroundings: Surroundings,
    *,
    costs: Costs,
) -> EntryVerdict:
    before, after = seen
    sides = [
        None if each is None else Side(seen=each, root=root)
        for each, root in ((before, bench.before), (after, bench.after))
    ]
    chains = [() if side is None else _chain(entry, side, costs) for side in sides]
    first, second = sides
    if first and second and _has_new_effects(first, second, costs):
        first, second = _looked_at_again(entry, first, second, surroundings)
    return EntryVerdict(
        entry=entry.name,
        before=before,
        after=after,
        comparisons=tuple(compare(first, second, costs=costs))
        if first and second
        else one_sided(first, second),
        chain_before=chains[0],
        chain_after=chains[1],
    )


def _has_new_effects(before: Side, after: Side, costs: Costs) -> bool:
    return any(
        each.aspect is Aspect.EFFECTS and each.judgement is Judgement.WORSE
        for each in compare(before, after, costs=costs)
    )


def _looked_at_again(
    entry: Entry, before: Side, after: Side, surroundings: Surroundings
) -> tuple[Side, Side]:
    """What a thread does is seen in one run and not in the next: all ever seen before, what is always after."""
    for _ in range(_LOOKS - 1):
        first = look(moved(entry, before.root), surroundings, is_traced=True)
        second = look(moved(entry, after.root), surroundings, is_traced=True)
        before = replace(before, seen=replace(before.seen, effects=(*before.seen.effects, *first.effects)))
        always = {named(effect, after.root) for effect in second.effects}
        left = tuple(effect for effect in after.seen.effects if named(effect, after.root) in always)
        after = replace(after, seen=replace(after.seen, effects=left))
    return before, after


def _chain(entry: Entry, side: Side, costs: Costs) -> tuple[str, ...]:
    file = moved(entry, side.root).file
    return () if file is None else chain(side.seen, file, side.root, heavy=heavy_packages(side, costs))


def _tally(run: SuiteRun) -> Tally:
    ends = list(run.outcomes.values())
    return Tally(
        passed=sum(each in PASSED for each in ends),
        failed=ends.count("failed"),
        skipped=ends.count("skipped"),
        code=run.code,
        seconds=run.seconds,
    )


def _broken(test: str, run: SuiteRun) -> Broken:
    if test == WHOLE:
        why = run.output.strip().splitlines()[-1:] or [""]
        return Broken(test=test, outcome=_ended(run), why=why[0])
    outcome = run.outcomes.get(test, "did not run")
    why_ = run.reasons.get(test) or (_ended(run) if outcome == "did not run" else "")
    return Broken(test=test, outcome=outcome, why=why_)


def _ended(run: SuiteRun) -> str:
    if run.cut is not None:
        return f"ended by lazify after {run.seconds:.0f} s"
    return (
        f"pytest did not come to its end, exit code {run.code}"
        if run.is_cut_short
        else f"exit code {run.code}"
    )


def _notes(before: SuiteRun, after: SuiteRun) -> Iterable[str]:
    if not (before.outcomes or after.outcomes):
        yield "no pytest that lazify could listen to: only the exit code is compared"
    if not before.is_good:
        first = next((f"; {test}: {why}" for test, why in sorted(before.reasons.items()) if why), "")
        yield f"the tests did not pass before either ({_ended(before)}{first})"
    for name in dict.fromkeys((*before.foreign, *after.foreign)):
        yield f"not tested in the copy: {name} was imported from the checkout"
