"""Where two states of a project lie side by side, in copies that are gone in the end."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lazify.verify.copies import copy_tree, lay


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Two copies of one project, in folders of its own name."""

    work: Path
    name: str

    @property
    def before(self) -> Path:
        """The first state."""
        return self.work / "before" / self.name

    @property
    def after(self) -> Path:
        """The second state."""
        return self.work / "after" / self.name

    def put_after(self, files: Mapping[Path, bytes | None]) -> None:
        """Make the second state anew: the first, with some files as they are given, relative to it."""
        shutil.rmtree(self.after, ignore_errors=True)
        copy_tree(self.before, self.after)
        lay(files, self.after)

    @contextmanager
    def tree(self, files: Mapping[Path, bytes | None], *, purpose: str = "trial") -> Iterator[Path]:
        """Another copy of the first state, with some files as they are given, relative to it."""
        tree = self.work / purpose / self.name
        copy_tree(self.before, tree)
        lay(files, tree)
        try:
            yield tree
        finally:
            shutil.rmtree(tree, ignore_errors=True)

    @contextmanager
    def fresh(self, side: Path) -> Iterator[Path]:
        """A copy of one of the sides, for what writes where it runs."""
        tree = self.work / "fresh" / self.name
        copy_tree(side, tree)
        try:
            yield tree
        finally:
            shutil.rmtree(tree, ignore_errors=True)


@contextmanager
def bench(root: Path) -> Iterator[Bench]:
    """A bench for the project at `root`, with nothing on it yet."""
    with tempfile.TemporaryDirectory(prefix="lazify-verify-", ignore_cleanup_errors=True) as folder:
        yield Bench(work=Path(folder).resolve(), name=root.name or "project")
