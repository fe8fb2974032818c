"""A verdict as text for people, and as one JSON object."""

import json
from collections.abc import Iterable, Iterator, Sequence

from lazify.model.observations import Imported
from lazify.model.plain import TAG, to_plain
from lazify.model.verdicts import (
    Broken,
    Comparison,
    EntryVerdict,
    Guilty,
    Judgement,
    Tally,
    TestVerdict,
    Verdict,
)
from lazify.render.words import counted, one_line, printable

VERSION = 1
"""Grows when a key changes its meaning or goes; new keys may come without."""
_INDENT = "    "
_MOST = 20
"""How many lines of one kind are shown."""
_COLOURS = {Judgement.BETTER: "32", Judgement.WORSE: "31"}


def verdict_lines(verdict: Verdict, *, colours: bool) -> Iterator[str]:
    """Say what was compared, what became of each aspect, and who is to blame."""
    yield f"before: {printable(verdict.before)}"
    yield f"after:  {printable(verdict.after)}"
    if verdict.entries:
        yield f"imported as by {verdict.platform}, an empty environment, no network"
        yield f"isolation: {verdict.isolation}; Python: {printable(verdict.python)}"
    for entry in verdict.entries:
        yield ""
        yield from _entry_lines(entry, colours=colours)
    if verdict.tests is not None:
        yield ""
        yield from _test_lines(verdict.tests)
    if verdict.guilty or verdict.notes:
        yield ""
        yield from _guilty_lines(verdict.guilty, verdict.notes)
    yield ""
    yield from conclusion(verdict)


def conclusion(verdict: Verdict) -> Iterator[str]:
    """Sum the verdict up."""
    for failure in verdict.failures:
        yield f"not verified: {one_line(failure)}"
    if verdict.is_worse:
        worse = [
            f"{each.aspect} of {entry.entry}"
            for entry in verdict.entries
            for each in entry.comparisons
            if each.judgement is Judgement.WORSE
        ]
        worse += (
            [counted(len(verdict.tests.broken), "test")] if verdict.tests and verdict.tests.broken else []
        )
        yield f"worse: {', '.join(worse)}"
    elif not verdict.failures:
        lost = [entry.entry for entry in verdict.entries if _is_imported_by_nobody(entry)]
        verb = "does not import" if len(lost) == 1 else "do not import"
        hint = f": {', '.join(map(printable, lost))} {verb}, and did not before either" if lost else ""
        yield f"nothing got worse{hint}"


def _is_imported_by_nobody(entry: EntryVerdict) -> bool:
    sides = [each.outcome for each in (entry.before, entry.after) if each is not None]
    return len(sides) > 1 and not any(isinstance(outcome, Imported) for outcome in sides)


def broken_lines(verdict: Verdict) -> Iterator[str]:
    """Say what got worse, and nothing else."""
    for entry in verdict.entries:
        if entry.is_worse:
            yield printable(entry.entry)
            for each in entry.comparisons:
                if each.judgement is Judgement.WORSE:
                    yield from _comparison_lines(each, colours=False)
    if verdict.tests is not None and verdict.tests.broken:
        yield from _test_lines(verdict.tests)


def verdict_document(verdict: Verdict) -> str:
    """Give the object as a text in ASCII."""
    return json.dumps({"version": VERSION, **verdict_content(verdict)}, indent=2) + "\n"


def verdict_content(verdict: Verdict) -> dict[str, object]:
    """Give the verdict as JSON has it: judgements are words, paths are strings, outcomes say what they are."""
    content = to_plain(verdict)
    content.pop(TAG)
    return {**content, "is_worse": verdict.is_worse}


def guilty_lines(guilty: Sequence[Guilty]) -> Iterator[str]:
    """Name the guilty changes."""
    for each in guilty:
        yield f"{_INDENT}{one_line(each.title)}  ({printable(each.at)})"


def _entry_lines(entry: EntryVerdict, *, colours: bool) -> Iterator[str]:
    yield printable(entry.entry)
    for each in entry.comparisons:
        yield from _comparison_lines(each, colours=colours)
    for side, seen in (("before", entry.before), ("after", entry.after)):
        if seen is None:
            yield f"{_INDENT}{side}: not there"
        else:
            yield from (f"{_INDENT}{side}: {one_line(note)}" for note in seen.notes)
    for side, chain in (("before", entry.chain_before), ("after", entry.chain_after)):
        if chain:
            yield f"{_INDENT}import chain {side}:"
            yield from (f"{_INDENT * 2}{printable(line)}" for line in chain)


def _comparison_lines(comparison: Comparison, *, colours: bool) -> Iterator[str]:
    word = comparison.judgement if comparison.judgement is not Judgement.UNKNOWN else ""
    shown = f"{word:<7}"
    if colours and comparison.judgement in _COLOURS:
        shown = f"\x1b[{_COLOURS[comparison.judgement]}m{shown}\x1b[0m"
    if comparison.before == comparison.after:
        change = f"{comparison.before} on both sides"
    else:
        change = f"{comparison.before} → {comparison.after}"
    yield f"{_INDENT}{shown}{comparison.aspect + ':':<19}{one_line(change)}"
    yield from _listed("-", comparison.gone)
    yield from _listed("+", comparison.new)


def _listed(sign: str, items: Sequence[str]) -> Iterator[str]:
    for item in items[:_MOST]:
        yield f"{_INDENT * 4}{sign} {one_line(item)}"
    if len(items) > _MOST:
        yield f"{_INDENT * 4}{sign} and {len(items) - _MOST} more"


def _test_lines(tests: TestVerdict) -> Iterator[str]:
    yield f"tests: {printable(tests.command)} (your environment and network, in copies)"
    yield f"{_INDENT}before: {_tally(tests.before)}"
    yield f"{_INDENT}after:  {_tally(tests.after)}"
    yield from (f"{_INDENT}{one_line(note)}" for note in tests.notes)
    if tests.broken:
        yield f"{_INDENT}passed before and not now:"
        yield from (_broken(each) for each in tests.broken[:_MOST])
        if len(tests.broken) > _MOST:
            yield f"{_INDENT * 2}and {len(tests.broken) - _MOST} more"
    if tests.flaky:
        yield f"{_INDENT}failed once and not again, or before too: {one_line(', '.join(tests.flaky[:_MOST]))}"


def _broken(broken: Broken) -> str:
    why = f": {one_line(broken.why)}" if broken.why else ""
    return f"{_INDENT * 2}{printable(broken.test)}  {broken.outcome}{why}"


def _tally(tally: Tally) -> str:
    took = f"{tally.seconds:.1f} s"
    if not tally.passed + tally.failed + tally.skipped:
        return f"exit code {tally.code}, {took}"
    parts = [f"{tally.passed} passed"]
    parts += [
        f"{number} {word}"
        for number, word in ((tally.failed, "failed"), (tally.skipped, "skipped"))
        if number
    ]
    return f"{', '.join(parts)}, {took}"


def _guilty_lines(guilty: Sequence[Guilty], notes: Iterable[str]) -> Iterator[str]:
    if guilty:
        yield f"guilty, for without {'it' if len(guilty) == 1 else 'them'} nothing of this gets worse:"
        yield from guilty_lines(guilty)
    else:
        yield "guilty: none of the changes, alone or together"
    yield from (f"{_INDENT}{one_line(note)}" for note in notes)
