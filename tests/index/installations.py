"""Small projects beside small folders of installed packages, and what running the project's statements does."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from textwrap import dedent

from lazify.index.effects import Effects
from lazify.index.installed import Installed
from lazify.index.library import Library
from lazify.index.store import Store
from lazify.knowledge import Knowledge, knowledge
from tests.index.worlds import World


class Installation(World):
    """A project in memory, and packages in files."""

    def __init__(
        self,
        files: Mapping[str, str],
        *folders: Path,
        facts: Knowledge | None = None,
        cache: Path | None = None,
    ) -> None:
        super().__init__(files)
        self.facts = facts or knowledge()
        self.installed = Installed(folders, self.project.modules, Store(cache))

    @cached_property
    def engine(self) -> Effects:
        return Effects(self.project, self.facts, Library(self.installed, self.facts))


def install(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return folder
