"""`python -m tests.benchmarks.observed FOLDER=PYTHON…`: does what lazify reads in code happen when it is imported?

Every module of the project in FOLDER that a service could import is imported under the probe, by the interpreter PYTHON,
all in one process, from a copy. What it did is compared with what the static engine says of the same statements, with
the packages of the same interpreter.

A unit is a top-level statement of a module and a kind of effect: reading files, writing them, network, database,
process, thread, sleep, required environment variable. (Of the other kinds an import shows nothing: Python's own random
generator is seeded unseen.) Observed are the units of all effects that the probe blames on statements, and those of
required variables that were missing: the statement raised. Predicted are the units that the engine proves and whose line
ran, the one with the effect. Where that line did not run, lazify says why it may not: each effect comes with what must
hold for it ("condition: unless path.exists()"), and where that did not hold here, an import neither confirms nor denies
it: these units are counted as "not taken", and once more as if they were wrong. A line that did not run although
lazify names no condition counts as wrong in any case. What it only suspects stands in a column of its own.

recall         observed units that were predicted, of those observed
or suspected   the same, or the engine says that the statement runs code that nobody knows
precision      predicted units that were observed, of those predicted
with untaken   the same, all that was not taken counted as wrong

Left out, since nothing can be said of it: what importing third-party modules does (not followed, by design), what threads
do once the import has started them, what looks for installed packages or for the text of code, effects that raise no audit event (asking
whether a file is there; what OpenSSL reads), and effects of a line that had it for another statement in the
same process ("elsewhere"): it may be remembered since.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.comparison import Comparison, compare


def main() -> None:
    """Compare what the command line names, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.observed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("targets", nargs="+", metavar="FOLDER=PYTHON")
    parser.add_argument("--units", action="store_true", help="Show the units that differ.")
    options = parser.parse_args()
    print(
        "| project | modules | statements | observed | predicted | not taken | elsewhere "
        "| recall | or suspected | precision | with untaken |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    comparisons = []
    for target in options.targets:
        folder, _, python = target.partition("=")
        comparisons.append(compare(Path(folder).resolve(), Path(python).absolute()))
        print(_row(comparisons[-1].name, comparisons[-1:]), flush=True)
        for line in _differences(comparisons[-1]) if options.units else ():
            print(f"    {line}", flush=True)
    print(_row("all", comparisons))


def _row(name: str, comparisons: Sequence[Comparison]) -> str:
    observed = sum(len(each.observed) for each in comparisons)
    recalled = sum(len(each.recalled) for each in comparisons)
    suspected = sum(len(each.suspected_only) for each in comparisons)
    predicted = sum(len(each.predicted) for each in comparisons)
    confirmed = sum(len(each.confirmed) for each in comparisons)
    not_taken = sum(len(each.not_taken) for each in comparisons)
    modules = sum(each.modules for each in comparisons)
    cells = (
        name,
        f"{modules - sum(len(each.failed) for each in comparisons)}/{modules}",
        sum(len(each.ran) for each in comparisons),
        observed,
        predicted,
        not_taken,
        sum(each.elsewhere for each in comparisons),
        _share(recalled, observed),
        _share(recalled + suspected, observed),
        _share(confirmed, predicted),
        _share(confirmed, predicted + not_taken),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "—"


def _differences(comparison: Comparison) -> Iterator[str]:
    for name, error, message, _ in comparison.failed:
        yield f"not imported: {name}: {error}: {message}".replace("\n", " ")
    missed = comparison.observed.keys() - comparison.recalled
    for unit in sorted(missed):
        word = "suspected" if unit in comparison.suspected_only else "missed"
        yield f"{word}: {_place(comparison, unit[0], unit[1])} {unit[2]}: {comparison.observed[unit]}"
    for unit in sorted(comparison.predicted.keys() - comparison.confirmed):
        example = comparison.predicted[unit].example[:400]
        yield f"not seen: {_place(comparison, unit[0], unit[1])} {unit[2]}: {example}"
    for unit, found in sorted(comparison.not_taken.items()):
        where = ", ".join(found.conditions)
        yield f"not taken: {_place(comparison, unit[0], unit[1])} {unit[2]}: {found.example[:400]} [{where}]"


def _place(comparison: Comparison, path: str, number: int) -> str:
    inside = path.partition(comparison.name + os.sep)[2]
    return f"{inside}:{comparison.lines[path, number]}"


if __name__ == "__main__":
    main()
