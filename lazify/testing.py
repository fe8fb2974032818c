"""For tests of codemods, ours and anybody's: one call says everything that must hold of a rewrite.

check({"a.py": "..."}, {"a.py": "..."}, run="import a; print(a.f())")
refused({"a.py": "..."}, because="needs x at import")
"""

import ast
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lazify import api
from lazify.model.changes import Plan
from lazify.statements import parse, without_lazy

Files = Mapping[str, str]
"""Path to text; texts are dedented."""

SECONDS = 60
"""What running one tree may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What lazify made of a project."""

    plan: Plan
    files: dict[str, str]
    """Every Python file afterwards."""


def check(
    before: Files,
    after: Files | None = None,
    *,
    flags: Mapping[str, object] | None = None,
    run: str | None = None,
) -> Outcome:
    """Apply lazify to `before` and assert all that makes a rewrite right.

    The result is `after` (files that are left out stay as they were; None: not compared) and compiles, every
    change has evidence, a second run changes nothing, undo restores every byte, and `run`, a program executed in
    both trees, prints the same.
    """
    with _written(before) as root:
        original = _bytes(root)
        said_before = _run(root, run)
        outcome = _apply(root, flags)
        if after is not None:
            expected = {**_dedented(before), **_dedented(after)}
            for name, text in expected.items():
                assert outcome.files.get(name, (root / name).read_text("utf-8")) == text, _shown(
                    name, outcome.files
                )
        for name, text in outcome.files.items():
            _parsed(text, name)
        said_after = _run(root, run)
        assert said_after == said_before, f"it printed {said_before!r}, now {said_after!r}"
        again = _apply(root, flags)
        assert not again.plan.changes, f"a second run changes {[c.title for c in again.plan.changes]}"
        assert all(change.why for change in outcome.plan.changes)
        if outcome.plan.changes:
            api.undo(root)
        assert _bytes(root) == original, "undo does not restore every byte"
        return outcome


def refused(before: Files, *, because: str, flags: Mapping[str, object] | None = None) -> Outcome:
    """Assert that lazify changes nothing and gives a reason that contains `because`."""
    with _written(before) as root:
        original = _bytes(root)
        outcome = _apply(root, flags)
        reasons = [refusal.reason for refusal in outcome.plan.refusals]
        assert any(because in reason for reason in reasons), f"refused for {reasons}"
        assert _bytes(root) == original, _shown("the tree", outcome.files)
        return outcome


def untouched(before: Files, *, flags: Mapping[str, object] | None = None) -> Outcome:
    """Assert that lazify finds nothing at all."""
    with _written(before) as root:
        outcome = _apply(root, flags)
        assert not outcome.plan.changes, [c.title for c in outcome.plan.changes]
        assert not outcome.plan.refusals, [r.reason for r in outcome.plan.refusals]
        return outcome


def _apply(root: Path, flags: Mapping[str, object] | None) -> Outcome:
    loaded = api.load(api.Request(paths=(root,), flags=flags or {}), progress=api.NoProgress())
    plan, patches = api.patches(loaded, api.plan(loaded), progress=api.NoProgress())
    unexpected = [failure for failure in plan.failures if not failure.words]
    assert not unexpected, unexpected
    api.apply(loaded, patches)
    return Outcome(
        plan=plan, files={_name(p, root): p.read_bytes().decode("utf-8") for p in sorted(root.rglob("*.py"))}
    )


@contextmanager
def _written(files: Files) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "project"
        root.mkdir()
        for name, text in {"pyproject.toml": "", **_dedented(files)}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8", newline="")
        yield root


def _parsed(text: str, name: str) -> None:
    """Raise SyntaxError where no Python could read it; this one need not know `lazy import`."""
    try:
        ast.parse(text, filename=name)
    except SyntaxError:
        if without_lazy(text) == text:
            raise
        parse(text)


def _dedented(files: Files) -> dict[str, str]:
    return {name: textwrap.dedent(text).lstrip("\n") for name, text in files.items()}


def _bytes(root: Path) -> dict[str, bytes]:
    skipped = {"__pycache__", ".lazify"}
    found = (p for p in root.rglob("*") if p.is_file() and not skipped & set(p.relative_to(root).parts))
    return {_name(path, root): path.read_bytes() for path in found}


def _run(root: Path, program: str | None) -> str:
    if program is None:
        return ""
    command = [sys.executable, "-B", "-c", textwrap.dedent(program)]
    with TemporaryDirectory() as folder:
        # What the program writes must not be there for the other tree.
        copy = shutil.copytree(root, Path(folder) / root.name, ignore=shutil.ignore_patterns(".lazify"))
        result = subprocess.run(
            command, cwd=copy, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    assert result.returncode == 0, result.stderr
    return result.stdout


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _shown(name: str, files: Mapping[str, str]) -> str:
    return f"{name}:\n" + "\n".join(f"--- {path}\n{text}" for path, text in files.items())
