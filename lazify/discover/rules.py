"""What a project's .gitignore files and its `exclude` say together about each entry."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lazify.discover.gitignore import Patterns, parse_patterns, read_patterns
from lazify.discover.territory import Territory, git_toplevel

Level = tuple[int, Patterns]
"""The patterns of one folder, and how many characters of a path come before what they are relative to."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns that are in force in one folder."""

    excluded: Level
    ignored: tuple[Level, ...] = ()
    """The deepest folder's first: the first that speaks of an entry decides."""

    def skips(self, path: str) -> bool:
        """Tell whether an entry is left out: its absolute path, a folder's with a final slash."""
        start, patterns = self.excluded
        if patterns.ignores(path[start:]):
            return True
        decisions = (patterns.ignores(path[start:]) for start, patterns in self.ignored)
        return next((decision for decision in decisions if decision is not None), False)

    def inside(self, folder: str) -> "Rules":
        """Add what the .gitignore of `folder` says."""
        patterns = read_patterns(Path(folder, ".gitignore"))
        return (
            replace(self, ignored=((len(folder) + 1, patterns), *self.ignored)) if patterns.groups else self
        )

    @classmethod
    def none(cls) -> "Rules":
        """Leave nothing out: for what the user named."""
        return cls((0, Patterns(())))


def rules_above(territory: Territory, exclude: Sequence[str]) -> Rules:
    """Collect what is said above the root: by `exclude`, by .git/info/exclude, by outer .gitignore files."""
    rules = Rules((len(str(territory.config_root)) + 1, parse_patterns(exclude)))
    toplevel = git_toplevel(territory.root)
    if toplevel is None:
        return rules
    own = read_patterns(_git_folder(toplevel) / "info" / "exclude")
    rules = replace(rules, ignored=((len(str(toplevel)) + 1, own),))
    folder = toplevel
    for part in territory.root.relative_to(toplevel).parts:
        rules = rules.inside(str(folder))
        folder /= part
        if rules.skips(f"{folder}/"):
            return replace(rules, ignored=())
    return rules


def _git_folder(toplevel: Path) -> Path:
    """Find where the repository keeps what all its worktrees share (gitrepository-layout(5))."""
    git = toplevel / ".git"
    if git.is_dir():
        return git
    git = toplevel / _first_line(git).removeprefix("gitdir: ")
    common = _first_line(git / "commondir")
    return git / common if common else git


def _first_line(file: Path) -> str:
    try:
        return os.fsdecode(file.read_bytes().partition(b"\n")[0])
    except OSError:
        return ""
