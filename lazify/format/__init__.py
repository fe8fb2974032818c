"""Lays out what lazify wrote as the project lays out its code: the only importer of Black."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from lazify.alignment import Opcode, opcodes
from lazify.excerpt import FOLD, Excerpt
from lazify.format.plain import Version, is_plain
from lazify.format.pragmas import opened
from lazify.format.project import Settings, settings
from lazify.format.sections import Sections, sections
from lazify.format.shape import hollow, shape, solid
from lazify.format.sorting import sort_changed
from lazify.statements import parse, split_lines, without_lazy

if TYPE_CHECKING:
    from black import Mode

__all__ = ["Sections", "Settings", "format_changed", "sections", "settings", "sort_changed"]

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
    was = shape(one, [(i + 1, i_end) for _, i, i_end, _, _ in open_to_layout], None)
    now = shape(other, [(j + 1, j_end) for _, _, _, j, j_end in open_to_layout], was)
    old, text = solid(was.text + was.tail), now.text + now.tail
    is_by_black = _black(old, settings, old, before) == old
    wide = settings if is_by_black else replace(settings, line_length=_width(settings, one))
    written = {n for _, _, _, j, j_end in changed for n in range(j + 1, j_end + 1)}
    long = {n for code in changed for n in _too_long(code, one, other, wide.line_length)}
    if (broken := opened(other, written if is_by_black else long, wide.line_length)) != after:
        return _formatted(before, broken, settings)
    if is_by_black:
        text = solid(text)
        result = _black(text, settings, old, before)
    else:
        result = _with_lines_broken(now, long, written, wide) if long else None
    return now.restore(hollow(result)) if result is not None and _is_same(text, result) else after


def _version(text: str) -> Version | None:
    try:
        return Version(text, parse(text), split_lines(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _black(text: str, settings: Settings, old: str, whole: str) -> str | None:
    """Lay out an excerpt as Black would within the whole file; None where Black fails.

    What lazify wrote (an f-string, say) is no sign of the Python that the project is for: `old`, the excerpt
    without it, and `whole`, the file without it, are.
    """
    import black

    newest = frozenset({"py310"})
    try:
        result = black.format_str(text, mode=_mode(settings, settings.target_versions or _shown(old)))
        # The whole file may show newer versions in use than the excerpt does. It hardly ever matters.
        if settings.target_versions or result == black.format_str(text, mode=_mode(settings, newest)):
            return result
        return black.format_str(text, mode=_mode(settings, _shown(whole)))
    except (ValueError, AssertionError, RecursionError):
        return None


def _shown(text: str) -> frozenset[str]:
    """The versions of Python that can run what the text uses."""
    import black
    from black.parsing import lib2to3_parse

    return frozenset(version.name for version in black.detect_target_versions(lib2to3_parse(text)))


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


def _with_lines_broken(shown: Excerpt, long: Set[int], written: Set[int], settings: Settings) -> str | None:
    """Break the long ones of the new lines, and touch no other line."""
    import black

    new = {shown.places[n] + 1 for n in written if n in shown.places}
    if any(shown.lines[n - 1].startswith("\t") for n in new):
        return None
    text = shown.text + shown.tail
    mode = _mode(replace(settings, string_normalization=False), settings.target_versions)
    try:
        places = sorted(shown.places[n] + 1 for n in long if n in shown.places)
        result = black.format_str(text, mode=mode, lines=[(n, n) for n in places])
    except (ValueError, AssertionError, RecursionError):
        return None
    old, laid_out = split_lines(text), split_lines(result)
    kept: list[str] = []
    for tag, i, i_end, j, j_end in opcodes(old, laid_out):
        is_ours = tag != "equal" and i < i_end and all(n in new for n in range(i + 1, i_end + 1))
        kept += laid_out[j:j_end] if is_ours else old[i:i_end]
    return "".join(kept)


def _too_long(code: Opcode, one: Version, other: Version, width: int) -> Iterator[int]:
    """The new lines that are too long, but for those that were so before."""
    _, i, i_end, j, j_end = code
    for number in range(j, j_end):
        old = one.lines[i + number - j] if i_end - i == j_end - j else ""
        if len(other.lines[number].rstrip()) > width >= len(old.rstrip()):
            yield number + 1


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
