"""Lays out what lazify wrote as the project lays out its code: the only importer of Black."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lazify.alignment import opcodes
from lazify.excerpt import FOLD, Excerpt, excerpt
from lazify.format.plain import Lines, Version, is_plain
from lazify.format.project import Settings, settings
from lazify.statements import Run, ends_in_definition, is_head, parse, runs, split_lines, without_lazy

if TYPE_CHECKING:
    from black import Mode

__all__ = ["Settings", "format_changed", "settings"]

_SWITCH = re.compile(r"#\s*(fmt|yapf):\s*(off|on|disable|enable)")
_DEFINITION = "def {}():\n    pass"
_APART = "\n\n\n"
_SHORT = 20
"""Of a longer neighbour Black sees only whether it is a definition, which it goes by: Black is slow."""
_WIDEST = 120
"""Without configuration a file may be wider than Black's default, but not wider than this."""


def format_changed(before: str, after: str, settings: Settings) -> str:
    """Lay out the lines that differ from `before`; the others stay as they are.

    A file that was as Black wants it is so again; in any other only new lines that are too long are broken.
    Where Black cannot do that, `after` comes back.
    """
    if before == after or settings.indents_with_tabs:
        return after
    newlines = set(re.findall(r"\r\n|\r|\n", before + after))
    if newlines == {"\r\n"}:
        result = _formatted(before.replace("\r\n", "\n"), after.replace("\r\n", "\n"), settings)
        return result.replace("\n", "\r\n")
    return _formatted(before, after, settings) if newlines <= {"\n"} else after


def _formatted(before: str, after: str, settings: Settings) -> str:
    one, other = _version(before), _version(after)
    if one is None or other is None:
        return after
    changed = [code for code in opcodes(one.lines, other.lines) if code[0] != "equal"]
    open_to_layout = [code for code in changed if not is_plain(code, one, other, settings.line_length)]
    if not open_to_layout:
        return after
    was = _excerpt(one, [(i + 1, i_end) for _, i, i_end, _, _ in open_to_layout], None)
    now = _excerpt(other, [(j + 1, j_end) for _, _, _, j, j_end in open_to_layout], was)
    shape, text = _solid(was.text + was.tail), now.text + now.tail
    if _black(shape, settings, before) == shape:
        text = _solid(text)
        result = _black(text, settings, after)
    else:
        written = [(j + 1, j_end) for _, _, _, j, j_end in changed]
        result = _with_long_lines_broken(now, written, replace(settings, line_length=_width(settings, one)))
    return now.restore(_hollow(result)) if result is not None and _is_same(text, result) else after


def _version(text: str) -> Version | None:
    try:
        return Version(text, parse(text), split_lines(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _solid(text: str) -> str:
    """Let folds that start or end with a definition do so for Black, too: it goes by that for blank lines."""

    def stand(fold: re.Match[str]) -> str:
        body = _DEFINITION.format(fold[0])
        if fold[2] and fold[3]:
            return body
        return f"{body}{_APART}{fold[0]}" if fold[2] else f"{fold[0]}{_APART}{body}" if fold[3] else fold[0]

    return FOLD.sub(stand, text)


def _hollow(text: str) -> str:
    """Undo `_solid`."""
    name = FOLD.pattern
    body = _DEFINITION.replace("()", r"\(\)").format(name)
    return re.sub(
        rf"{name}{_APART}{body}|{body}{_APART}{name}|{body}", lambda found: _first_name(found[0]), text
    )


def _first_name(text: str) -> str:
    found = FOLD.search(text)
    return found[0] if found else text


def _excerpt(version: Version, stretches: Sequence[Lines], was: Excerpt | None) -> Excerpt:
    """The statements on these lines, and what Black goes by: their neighbours, and imports.

    Statements without new lines are shown only if they are in `was`, too: Black is not asked about others.
    """
    lines, every = version.lines, runs(version.tree, version.lines)
    touched = {
        run.first for run in every for first, last in stretches if run.first <= last and run.last >= first
    }
    near = {run.first for stretch in stretches for run in _neighbours(every, stretch)}
    shows_all = _SWITCH.search(version.text) is not None

    def is_wanted(run: Run) -> bool:
        if run.first in touched or shows_all:
            return True
        is_context = run.first in near or any(map(is_head, run.statements))
        return is_context and (was is None or "".join(lines[run.first - 1 : run.last]) in was.text)

    return excerpt(version.text, version.tree, is_wanted, lambda _: False)


def _neighbours(every: Sequence[Run], stretch: Lines) -> list[Run]:
    above = [run for run in every if run.last < stretch[0]]
    below = [run for run in every if run.first > stretch[1]]
    return [run for run in (*_nearest(above[::-1]), *_nearest(below)) if run.last - run.first < _SHORT]


def _nearest(found: Sequence[Run]) -> list[Run]:
    """The first run, and definitions that touch it: Black joins or parts them by what they are."""
    near = list(found[:1])
    for run in found[1:]:
        is_apart = run.first > near[-1].last + 1 or near[-1].first > run.last + 1
        if is_apart or not any(map(ends_in_definition, (*near[-1].statements, *run.statements))):
            break
        near.append(run)
    return near


def _black(text: str, settings: Settings, whole: str) -> str | None:
    """Lay out an excerpt as Black would within the whole file; None where Black fails."""
    import black
    from black.parsing import lib2to3_parse

    newest = frozenset({"py310"})
    try:
        result = black.format_str(text, mode=_mode(settings, settings.target_versions))
        # The whole file may show newer versions in use than the excerpt does. It hardly ever matters.
        if settings.target_versions or result == black.format_str(text, mode=_mode(settings, newest)):
            return result
        versions = black.detect_target_versions(lib2to3_parse(whole))
        return black.format_str(text, mode=_mode(settings, frozenset(version.name for version in versions)))
    except (ValueError, AssertionError, RecursionError):
        return None


def _mode(settings: Settings, versions: frozenset[str]) -> "Mode":
    from black.mode import Mode, TargetVersion

    return Mode(
        target_versions={TargetVersion[name.upper()] for name in versions},
        line_length=settings.line_length,
        string_normalization=settings.string_normalization,
        magic_trailing_comma=settings.magic_trailing_comma,
        preview=settings.preview,
        unstable=settings.unstable,
    )


def _with_long_lines_broken(shown: Excerpt, written: Sequence[Lines], settings: Settings) -> str | None:
    """Break new lines that are too long, and touch nothing else."""
    import black

    places = {number: index + 1 for number, index in shown.places.items()}
    new = {places[n] for first, last in written for n in range(first, last + 1) if n in places}
    long = [n for n in sorted(new) if len(shown.lines[n - 1].rstrip("\n")) > settings.line_length]
    if not long or any(shown.lines[n - 1].startswith("\t") for n in new):
        return None
    text = shown.text + shown.tail
    mode = _mode(replace(settings, string_normalization=False), settings.target_versions)
    try:
        result = black.format_str(text, mode=mode, lines=[(n, n) for n in long])
    except (ValueError, AssertionError, RecursionError):
        return None
    old, laid_out = split_lines(text), split_lines(result)
    kept: list[str] = []
    for tag, i, i_end, j, j_end in opcodes(old, laid_out):
        is_ours = tag != "equal" and i < i_end and all(n in new for n in range(i + 1, i_end + 1))
        kept += laid_out[j:j_end] if is_ours else old[i:i_end]
    return "".join(kept)


def _width(settings: Settings, version: Version) -> int:
    """How wide new lines may be: a project that says nothing shows it by its own lines."""
    if settings.is_configured:
        return settings.line_length
    longest = max((len(line.rstrip()) for line in version.lines), default=0)
    return max(settings.line_length, min(longest, _WIDEST))


def _is_same(before: str, after: str) -> bool:
    """Tell whether the layout changed nothing else."""
    import black
    from black.parsing import ASTSafetyError

    try:
        black.assert_equivalent(without_lazy(before), without_lazy(after))
    except (ASTSafetyError, AssertionError, ValueError, RecursionError):
        return False
    return FOLD.findall(before) == FOLD.findall(after)
