"""Puts imports in the order that the project keeps: the only importer of isort."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazify.alignment import opcodes
from lazify.format.sections import Sections
from lazify.statements import parse, split_lines

if TYPE_CHECKING:
    from isort import Config

__all__ = ["sort_changed"]

_LEFT_ALONE = re.compile(r"#[ \t]*(?:ruff:[ \t]*)?isort:[ \t]*(?:skip_file|off)", re.IGNORECASE)
_HEADER = "if __lazify__:\n"
"""What imports of a block stand under while isort sorts them."""
_VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"force_sort_within_sections": True},
    {"force_single_line": True},
)
"""The usual orders of projects that say nothing of theirs."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Imports of one block with nothing else between them: lines from `first`, counted from 0, up to `end`."""

    first: int
    end: int
    statements: tuple[ast.Import | ast.ImportFrom, ...]


def sort_changed(before: str, after: str, path: Path, known: Sections) -> str:
    """Sort those runs of imports that differ from `before`, where what stood there was sorted, too.

    Comments between them stay as they are, and so does what isort would write otherwise than reorder it.
    """
    if before == after or "\r" in after or _LEFT_ALONE.search(after):
        return after
    try:
        trees = parse(before), parse(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return after
    old, new = split_lines(before), split_lines(after)
    stayed = {
        j + n: i + n for tag, i, i_end, j, _ in opcodes(old, new) if tag == "equal" for n in range(i_end - i)
    }
    old_runs = list(_runs(trees[0], old))
    for run in reversed(list(_runs(trees[1], new))):
        kept = {stayed[n] for n in range(run.first, run.end) if n in stayed}
        if not _is_whole(run, old_runs, stayed):
            was = [each for each in old_runs if not kept.isdisjoint(range(each.first, each.end))]
            new[run.first : run.end] = _sorted(
                run, new, [old[each.first : each.end] for each in was], (path, known)
            )
    return "".join(new)


def _is_whole(run: _Run, old_runs: Sequence[_Run], stayed: dict[int, int]) -> bool:
    """Tell whether the run stood there before as it is."""
    first = stayed.get(run.first)
    length = run.end - run.first
    is_same = first is not None and all(stayed.get(run.first + n) == first + n for n in range(length))
    return is_same and any(each.first == first and each.end - each.first == length for each in old_runs)


def _sorted(
    run: _Run, lines: Sequence[str], was: Sequence[Sequence[str]], project: tuple[Path, Sections]
) -> Sequence[str]:
    found = lines[run.first : run.end]
    if _is_delicate(run, lines):
        return found
    for config in _configs(_package(project[0]), project[1]):
        if all(_by_isort(each, config) == "".join(each) for each in was):
            result = split_lines(_by_isort(found, config) or "")
            return result if _may_stand(result, run, lines) else found
    return found


def _may_stand(result: Sequence[str], run: _Run, lines: Sequence[str]) -> bool:
    """Tell whether the same names are imported, and comments stand above what they stood above."""
    is_commented = run.first > 0 and lines[run.first - 1].lstrip().startswith("#")
    if not result or (is_commented and result[0] != lines[run.first]):
        return False
    if _apart(result) != _apart(lines[run.first : run.end]):
        return False
    return _names(parse(_dedented(result))) == _names(run)


def _apart(lines: Sequence[str]) -> dict[str, str]:
    """Give what comes next below each comment that a blank line parts from it: isort takes it elsewhere."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            below = [each.strip() for each in lines[number + 1 :]]
            is_apart = not next((each for each in below if not each.startswith("#")), "")
            if is_apart:
                found[line] = next((each for each in below if each and not each.startswith("#")), "")
    return found


def _by_isort(lines: Sequence[str], config: "Config") -> str | None:
    """Sort a run alone; None where isort cannot read it."""
    import isort
    from isort import Config
    from isort.exceptions import ISortError

    # A comment for type checkers or linters means the line that it stands on: such a line is not broken.
    width = max((len(line.rstrip()) for line in lines if "#" in line and "import " in line), default=0)
    if width > config.line_length > 0:
        config = Config(config=config, line_length=width)
    is_inner = lines[0][:1].isspace()
    text = (_HEADER if is_inner else "") + "".join(lines)
    try:
        result = isort.code(text, config=config)
    except (ISortError, ValueError, IndexError):
        return None
    return result.removeprefix(_HEADER).strip("\n") + "\n"


def _configs(package: str, known: Sections) -> Iterator["Config"]:
    """Give what may be the project's order: its own, or the usual ones; nothing where isort cannot read its own."""
    never: dict[str, Any] = {"add_imports": frozenset(), "remove_imports": frozenset(), "float_to_top": False}
    if known.isort is not None:
        yield from _config({"settings_file": str(known.isort), **never})
        return
    options = {"profile": "black", "src_paths": known.sources, **known.options, **never}
    own = (*known.options.get("known_first_party", ()), package)
    for variant in _VARIANTS[: 1 if known.is_configured else None]:
        yield from _config({**options, "known_first_party": own, **variant})
        if not known.is_configured:  # the package may be somebody else's to the tool: ruff asks where it lies
            yield from _config({**options, "src_paths": (), **variant})


def _config(options: Mapping[str, Any]) -> Iterator["Config"]:
    from isort import Config
    from isort.exceptions import ISortError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old options; the project's own runs of isort tell
        try:
            yield Config(**options)
        except (ISortError, ValueError, TypeError):
            return


def _package(path: Path) -> str:
    """Name the outermost package that the file lies in: ruff takes what comes from there for the project's own."""
    folder = path.parent
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder.name if (folder / "__init__.py").exists() else ""


def _runs(tree: ast.Module, lines: Sequence[str]) -> Iterator[_Run]:
    """Find the imports of every block, in the order of the file."""
    found: list[_Run] = []
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, ())
            found += _runs_of(body, lines) if isinstance(body, list) else ()
    yield from sorted(found, key=lambda run: run.first)


def _runs_of(body: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[_Run]:
    together: list[ast.Import | ast.ImportFrom] = []
    for statement in (*body, None):
        if isinstance(statement, ast.Import | ast.ImportFrom) and _is_alone(statement, lines):
            together.append(statement)
        elif together:
            yield _Run(together[0].lineno - 1, together[-1].end_lineno or 0, tuple(together))
            together = []


def _is_alone(statement: ast.stmt, lines: Sequence[str]) -> bool:
    """Tell whether nothing else stands on its lines but comments."""
    first, last = lines[statement.lineno - 1], lines[(statement.end_lineno or 0) - 1]
    behind = last.encode()[statement.end_col_offset or 0 :].decode().strip()
    return not first.encode()[: statement.col_offset].strip() and (not behind or behind.startswith("#"))


def _is_delicate(run: _Run, lines: Sequence[str]) -> bool:
    """Tell whether isort would join what different comments are about."""
    seen: dict[tuple[int, str | None], int] = {}
    for each in run.statements:
        if isinstance(each, ast.ImportFrom):
            has_comment = any("#" in line for line in lines[each.lineno - 1 : each.end_lineno])
            other = seen.setdefault((each.level, each.module), each.lineno)
            if other != each.lineno and (has_comment or "#" in lines[other - 1]):
                return True
    return False


def _names(run: _Run | ast.Module) -> list[tuple[object, ...]]:
    """List what the imports bind, in any order."""
    statements = run.statements if isinstance(run, _Run) else tuple(run.body)
    return sorted(
        (getattr(each, "level", 0), str(getattr(each, "module", "")), alias.name, alias.asname or "")
        for each in statements
        if isinstance(each, ast.Import | ast.ImportFrom)
        for alias in each.names
    )


def _dedented(lines: Sequence[str]) -> str:
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "".join(line[indent:] if line.strip() else line for line in lines)
