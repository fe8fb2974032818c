"""Two judges that know nothing of lazify: a linter and type checkers, asked before and after.

They see few installed packages, so most of what they find is noise; only what is new counts.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from tests.corpus.process import Outcome, run

_LINT = "F401,F811,F821,F822,F823"  # syntax errors are always reported
_MISSED_CALL_SITE = (
    "member",
    "import",
    "attribute",
    "reference",
    "name",
    "unbound",
    "undefined",
    "syntax",
    "F8",
    "F401",
)
_NOT_INSTALLED = frozenset({"missing-import", "import-not-found", "unresolved-import"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a judge says, without the line: lines move."""

    path: str
    kind: str
    message: str

    @property
    def is_suspicious(self) -> bool:
        """Whether it is of a kind that a missed call site would raise."""
        return self.kind == "None" or any(word in self.kind for word in _MISSED_CALL_SITE)


def install(folder: Path) -> Path:
    """Put the judges into an environment below `folder`; give its programs' folder."""
    programs = folder / "tools" / "bin"
    if not (programs / "ty").exists():
        for command in (
            [sys.executable, "-m", "venv", str(folder / "tools")],
            [str(programs / "pip"), "install", "--quiet", "ruff", "ty", "pyrefly"],
        ):
            if (outcome := run(command, timeout=900)).code:
                raise RuntimeError(f"{' '.join(command)}: {outcome.tail}")
    return programs


def findings_before(pristine: Path, programs: Path) -> Counter[Finding]:
    """Ask all judges about a tree that does not change; the answer is kept for as long as they see the same packages."""
    kept = pristine.parents[1] / "judged" / f"{pristine.name}.{_installed()}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        found = [[each.path, each.kind, each.message] for each in findings(pristine, programs).elements()]
        kept.write_text(json.dumps(found), encoding="utf-8")
    known = json.loads(kept.read_text(encoding="utf-8"))
    return Counter(Finding(path, kind, _without_lines(message)) for path, kind, message in known)


def _installed() -> str:
    """Digest the packages beside the running Python: judges are told to look there for what a tree imports.

    Left alone, they would take the environment of the shell, another one before than after.
    """
    found = sorted(f"{each.name} {each.version}" for each in distributions())
    return hashlib.blake2b("\n".join(found).encode(), digest_size=6).hexdigest()


def _without_lines(message: str) -> str:
    return re.sub(r" from line \d+", "", message)


def findings(tree: Path, programs: Path) -> Counter[Finding]:
    """Ask all judges about the tree."""
    return Counter([*_ruff(tree, programs), *_ty(tree, programs), *_pyrefly(tree, programs)])


def new_findings(after: Counter[Finding], before: Counter[Finding]) -> Counter[Finding]:
    """Take away what was found before; a package that is not installed is missing wherever it is imported."""
    missing = {found.message for found in before if found.kind in _NOT_INSTALLED}
    return Counter(
        {
            found: count
            for found, count in (after - before).items()
            if found.kind not in _NOT_INSTALLED or found.message not in missing
        }
    )


def _ruff(tree: Path, programs: Path) -> Iterable[Finding]:
    flags = ["--isolated", "--no-cache", "--exit-zero", "--no-respect-gitignore", "--output-format", "json"]
    outcome = run([str(programs / "ruff"), "check", *flags, "--select", _LINT, "."], cwd=tree)
    for found in json.loads(_answer(outcome)):
        path = Path(found["filename"]).relative_to(tree.resolve())
        yield Finding(str(path), str(found["code"]), _without_lines(found["message"]))


def _ty(tree: Path, programs: Path) -> Iterable[Finding]:
    flags = ["--python", sys.executable, "--output-format", "gitlab", "--exit-zero"]
    outcome = run([str(programs / "ty"), "check", *flags, "."], cwd=tree)
    for found in json.loads(_answer(outcome)):
        yield Finding(found["location"]["path"], found["check_name"], found["description"])


def _pyrefly(tree: Path, programs: Path) -> Iterable[Finding]:
    configuration = tree.with_name(f"{tree.name}.pyrefly.toml")
    roots = json.dumps(list(map(str, import_roots(tree))))
    configuration.write_text(f"search-path = {roots}\n", encoding="utf-8")
    flags = ["--threads", "1", "--config", str(configuration), "--output-format", "json"]
    flags += ["--python-interpreter-path", sys.executable]
    outcome = run([str(programs / "pyrefly"), "check", *flags, "."], cwd=tree)
    for found in json.loads(_answer(outcome))["errors"]:
        yield Finding(found["path"], found["name"], found["concise_description"])


def import_roots(tree: Path) -> list[Path]:
    """List the tree, the folders in it that hold a package which is in no other, and source folders with modules.

    A folder around one of these is none: from there, `python.shop` would be found in `src/python/shop`.
    """
    packages = {path.parent for path in tree.rglob("__init__.py")}
    homes = {package.parent for package in packages if package.parent not in packages}
    homes |= {folder for folder in (tree / "src", tree / "lib") if any(folder.glob("*.py"))}
    return [tree, *sorted(homes - packages - {tree})]


def _answer(outcome: Outcome) -> str:
    if not outcome.stdout.strip():
        raise RuntimeError(f"a judge said nothing (exit code {outcome.code}): {outcome.tail}")
    return outcome.text
