"""Lays out what lazify wrote as the project lays out its code: the only importer of Black."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazify.alignment import opcodes
from lazify.excerpt import FOLD, Excerpt, Run, excerpt, is_head, parse, runs, split_lines, without_lazy

if TYPE_CHECKING:
    from black import Mode

_SWITCH = re.compile(r"#\s*(fmt|yapf):\s*(off|on|disable|enable)")
_WIDEST = 120
"""Without configuration a file may be wider than Black's default, but not wider than this."""

Lines = tuple[int, int]
"""First and last line of a stretch, from 1; empty where the last is before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the project lays out its code."""

    line_length: int = 88
    string_normalization: bool = True
    magic_trailing_comma: bool = True
    target_versions: frozenset[str] = frozenset()
    """`py311`, …; empty: Black tells from the code."""
    preview: bool = False
    unstable: bool = False
    is_configured: bool = False
    """The project says so itself."""
    indents_with_tabs: bool = False


def settings(root: Path) -> Settings:
    """Read `[tool.black]`, else `[tool.ruff]`, of the nearest pyproject.toml within the repository."""
    documents = [_read(folder / "pyproject.toml") for folder in _folders(root)]
    for tool, read in (("black", _of_black), ("ruff", _of_ruff)):
        for document in documents:
            table = document.get("tool", {}).get(tool)
            if isinstance(table, Mapping):
                return read(table, document)
    return Settings()


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
    old, new = split_lines(before), split_lines(after)
    codes = [code for code in opcodes(old, new) if code[0] != "equal"]
    was = _shown(before, [(i + 1, i_end) for _, i, i_end, _, _ in codes])
    now = _shown(after, [(j + 1, j_end) for _, _, _, j, j_end in codes])
    if was is None or now is None:
        return after
    if _black(was.text, settings, before) == was.text:
        result = _black(now.text, settings, after)
    else:
        written = [(j + 1, j_end) for _, _, _, j, j_end in codes]
        result = _with_long_lines_broken(now, written, replace(settings, line_length=_width(settings, old)))
    return after if result is None or not _is_same(now.text, result) else now.restore(result)


def _shown(text: str, stretches: Sequence[Lines]) -> Excerpt | None:
    """The statements on these lines, and all that Black goes by: their neighbours, and imports."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    every = runs(tree, split_lines(text))
    is_near = [
        any(run.first <= last + 1 and run.last >= first - 1 for first, last in stretches) for run in every
    ]
    near = {run.first for n, run in enumerate(every) if any(is_near[max(n - 1, 0) : n + 2])}
    shows_all = _SWITCH.search(text) is not None

    def is_wanted(run: Run) -> bool:
        return shows_all or run.first in near or any(map(is_head, run.statements))

    return excerpt(text, tree, is_wanted)


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

    places = {number: index + 1 for index, number in enumerate(shown.numbers)}
    new = {places[n] for first, last in written for n in range(first, last + 1) if n in places}
    long = [n for n in sorted(new) if len(shown.lines[n - 1].rstrip("\n")) > settings.line_length]
    if not long or any(shown.lines[n - 1].startswith("\t") for n in new):
        return None
    mode = _mode(replace(settings, string_normalization=False), settings.target_versions)
    try:
        result = black.format_str(shown.text, mode=mode, lines=[(n, n) for n in long])
    except (ValueError, AssertionError, RecursionError):
        return None
    old, laid_out = split_lines(shown.text), split_lines(result)
    kept: list[str] = []
    for tag, i, i_end, j, j_end in opcodes(old, laid_out):
        is_ours = tag != "equal" and i < i_end and all(n in new for n in range(i + 1, i_end + 1))
        kept += laid_out[j:j_end] if is_ours else old[i:i_end]
    return "".join(kept)


def _width(settings: Settings, lines: Sequence[str]) -> int:
    """How wide new lines may be: a project that says nothing shows it by its own lines."""
    if settings.is_configured:
        return settings.line_length
    longest = max((len(line.rstrip()) for line in lines), default=0)
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


def _folders(root: Path) -> list[Path]:
    """The root, and the folders above it within its repository."""
    above = [root, *root.parents]
    end = next((n for n, folder in enumerate(above) if (folder / ".git").exists()), 0)
    return above[: end + 1]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # A missing or broken project file says nothing about layout; `load_config` names a broken one.
        return {}


def _of_black(table: Mapping[str, Any], document: Mapping[str, Any]) -> Settings:
    from black.files import infer_target_version

    named = {key.replace("--", "").replace("-", "_"): value for key, value in table.items()}
    versions = named.get("target_version") or [v.name for v in infer_target_version(dict(document)) or ()]
    return Settings(
        line_length=int(named.get("line_length", 88)),
        string_normalization=not named.get("skip_string_normalization", False),
        magic_trailing_comma=not named.get("skip_magic_trailing_comma", False),
        target_versions=_known([versions] if isinstance(versions, str) else versions),
        preview=bool(named.get("preview", False)),
        unstable=bool(named.get("unstable", False)),
        is_configured=True,
    )


def _of_ruff(table: Mapping[str, Any], document: Mapping[str, Any]) -> Settings:
    from black.files import infer_target_version

    layout = table.get("format", {})
    versions = table.get("target-version") or [v.name for v in infer_target_version(dict(document)) or ()]
    return Settings(
        line_length=int(layout.get("line-length", table.get("line-length", 88))),
        string_normalization=layout.get("quote-style", "double") == "double",
        magic_trailing_comma=not layout.get("skip-magic-trailing-comma", False),
        target_versions=_known([versions] if isinstance(versions, str) else versions),
        is_configured=True,
        indents_with_tabs=layout.get("indent-style") == "tab",
    )


def _known(versions: Sequence[str]) -> frozenset[str]:
    """The versions that this Black knows."""
    from black.mode import TargetVersion

    return frozenset(name.lower() for name in versions if name.upper() in TargetVersion.__members__)
