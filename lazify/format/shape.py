"""What Black is shown of a file: what changed, and what it goes by."""

import ast
import re
from collections.abc import Iterator, Sequence

from lazify.excerpt import FOLD, Excerpt, excerpt
from lazify.format.plain import Lines, Version
from lazify.statements import Run, inner_runs, is_head, last_definition, runs

_SWITCH = re.compile(r"#\s*(fmt|yapf):\s*(off|on|disable|enable)")
_SHORT = 20
"""Of a longer neighbour Black sees only whether it is a definition, which it goes by: Black is slow."""

_NAME = FOLD.pattern
_FOLDED = re.compile(rf"^([ \t]*)({_NAME})$", re.MULTILINE)
_BODY = r"(?:\(\):(?:\n[ \t]*pass| \.\.\.))?"
_SOLID = re.compile(
    rf"(?:@{_NAME}\n[ \t]*)?(?:def )?(?P<name>{_NAME}){_BODY}(?:\n\n+[ \t]*(?:def )?(?P=name){_BODY})?"
)


def shape(version: Version, stretches: Sequence[Lines], was: Excerpt | None) -> Excerpt:
    """The statements on these lines, and what Black goes by: their neighbours, and imports.

    Neighbours without new lines are shown only if they are in `was`, too: Black is not asked about others.
    """
    lines = version.lines
    blocks = list(_blocks(runs(version.tree, lines), lines, stretches))
    touched = {run.first for block in blocks for run in block if any(_meets(run, s) for s in stretches)}
    near = {run.first for block in blocks for stretch in stretches for run in _neighbours(block, stretch)}
    shows_all = _SWITCH.search(version.text) is not None

    def is_wanted(run: Run) -> bool:
        if run.first in touched or shows_all or any(map(is_head, run.statements)):
            return True
        return run.first in near and (was is None or "".join(lines[run.first - 1 : run.last]) in was.text)

    return excerpt(
        version.text,
        version.tree,
        is_wanted,
        lambda run: run.first in touched and _is_class(run) and not shows_all,
    )


def solid(text: str) -> str:
    """Let folds that start or end with a definition do so for Black, too: it goes by that for blank lines."""
    return _FOLDED.sub(_stand, text)


def hollow(text: str) -> str:
    """Undo `solid`."""
    return _SOLID.sub(lambda found: found["name"], text)


def _stand(fold: re.Match[str]) -> str:
    indent, name, starts, ends = fold[1], fold[2], fold[4], fold[5]
    parts = [_part(indent, name, kind) for kind in ([starts] if starts == ends else [starts, ends])]
    return ("\n\n" if indent else "\n\n\n").join(parts)


def _part(indent: str, name: str, kind: str | None) -> str:
    if kind in (None, "import"):
        return indent + name
    if kind == "stub":
        return f"{indent}def {name}(): ..."
    return f"{indent}@{name}\n" * (kind == "decorator") + f"{indent}def {name}():\n{indent}    pass"


def _blocks(block: list[Run], lines: Sequence[str], stretches: Sequence[Lines]) -> Iterator[list[Run]]:
    """The blocks that stretches are in, and those of classes around them."""
    yield block
    for run in block:
        if _is_class(run) and any(_meets(run, stretch) for stretch in stretches):
            for inner in inner_runs(run, lines):
                yield from _blocks(inner, lines, stretches)


def _is_class(run: Run) -> bool:
    return isinstance(run.statements[0], ast.ClassDef)


def _meets(run: Run, stretch: Lines) -> bool:
    """Tell whether lines of the run are in the stretch; an empty one must lie within the run."""
    return run.first <= stretch[1] and run.last >= stretch[0]


def _neighbours(every: Sequence[Run], stretch: Lines) -> list[Run]:
    above = [run for run in every if run.last < stretch[0]]
    below = [run for run in every if run.first > stretch[1]]
    return [run for run in (*_nearest(above[::-1]), *_nearest(below)) if run.last - run.first < _SHORT]


def _nearest(found: Sequence[Run]) -> list[Run]:
    """The first run, and definitions that touch it: Black joins or parts them by what they are."""
    near = list(found[:1])
    for run in found[1:]:
        is_apart = run.first > near[-1].last + 1 or near[-1].first > run.last + 1
        if is_apart or not any(map(last_definition, (*near[-1].statements, *run.statements))):
            break
        near.append(run)
    return near
