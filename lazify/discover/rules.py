"""What a project's .gitignore files and its `exclude` say together about each entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lazify.discover.gitignore import Patterns, parse_patterns, read_patterns
from lazify.discover.repository import Repository
from lazify.discover.territory import Territory, git_toplevel

Level = tuple[int, Patterns]
"""How many characters of a path lead to the folder that the patterns stand in, and the patterns."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is left out in one folder: what is excluded, and what git ignores and does not track."""

    excluded: Level
    repository: Repository | None = None
    ignored: tuple[Level, ...] = ()
    """The deepest folder's first: the first that speaks of an entry decides."""
    is_in_ignored: bool = False
    """An outer folder is ignored."""

    def skips(self, path: str) -> bool:
        """Tell whether an entry is left out: its absolute path, a folder's with a final slash."""
        start, patterns = self.excluded
        if patterns.ignores(path[start:]):
            return True
        return self._ignores(path) and (self.repository is None or path not in self.repository.tracked)

    def below(self, folder: str) -> "Rules":
        """Give the rules for what lies in `folder`, an entry that is not left out."""
        return self if self.is_in_ignored else replace(self, is_in_ignored=self._ignores(f"{folder}/"))

    def inside(self, folder: str) -> "Rules":
        """Add what the .gitignore of `folder` says."""
        patterns = read_patterns(Path(folder, ".gitignore"))
        return (
            replace(self, ignored=((len(folder) + 1, patterns), *self.ignored)) if patterns.groups else self
        )

    def _ignores(self, path: str) -> bool:
        decisions = (patterns.ignores(path[start:]) for start, patterns in self.ignored)
        return self.is_in_ignored or next((decision for decision in decisions if decision is not None), False)

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
    repository = Repository(toplevel)
    own = (len(str(toplevel)) + 1, read_patterns(repository.excludes))
    rules = replace(rules, repository=repository, ignored=(own,))
    folder = toplevel
    for part in territory.root.relative_to(toplevel).parts:
        rules = rules.inside(str(folder))
        folder /= part
        if rules.skips(f"{folder}/"):
            return replace(rules, ignored=())
        rules = rules.below(str(folder))
    return rules
