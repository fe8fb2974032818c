"""What a run did or would do, for people, on stderr."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lazify.model.changes import Change, Plan, Refusal
from lazify.model.places import Failure
from lazify.render.reasons import INDENT, brief, refused
from lazify.render.words import counted, one_line, position, shown


def changes_line(changes: Sequence[Change], *, touched: int) -> str:
    """Give the number of changes by code, and of the files they touch."""
    if not changes:
        return "nothing to change"
    codes = Counter(change.code for change in changes)
    listed = ", ".join(f"{number} {code}" for code, number in sorted(codes.items()))
    return f"{counted(len(changes), 'change')} in {counted(touched, 'file')}: {listed}"


def findings_line(plan: Plan) -> str:
    """Give the number of findings, and how many of them `apply` would mend."""
    number = len(plan.changes) + len(plan.refusals)
    if not number:
        return "no findings"
    return f"{counted(number, 'finding')}; `lazify apply` would mend {len(plan.changes)}"


def refusal_lines(refusals: Iterable[Refusal], base: Path) -> Iterator[str]:
    """Give what is left as it is, by reason, each with its place."""
    groups: dict[str, list[Refusal]] = {}
    for refusal in sorted(refusals, key=lambda refusal: (refusal.at, refusal.code)):
        groups.setdefault(refused(refusal, base), []).append(refusal)
    if groups:
        total = sum(len(group) for group in groups.values())
        yield f"{total} left as {'it is' if total == 1 else 'they are'}:"
    for reason, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield f"{INDENT}{reason}"
        for refusal in group:
            what = one_line(refusal.title) + brief(refusal.why)
            yield f"{INDENT * 2}{position(refusal.at, base)} {refusal.code} {what}"


def failure_lines(failures: Iterable[Failure], base: Path) -> Iterator[str]:
    """Give one line for each file that could not be processed."""
    for failure in sorted(failures, key=lambda failure: (failure.path, failure.line or 0, failure.why)):
        line = "" if failure.line is None else f":{failure.line}"
        yield f"{shown(failure.path, base)}{line}: {one_line(failure.why)}"
