"""Projects in which apply or undo is about to run into a fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from lazify.apply import apply, recover, undo
from lazify.errors import ApplyError
from lazify.model.changes import Patch
from tests.apply.faults import FaultyDisk, Killed
from tests.apply.trees import NEW, OLD, Tree, project, tree

Build = Callable[[Path], list[Patch]]
MakeDisk = Callable[[int], FaultyDisk]


def two_files(home: Path) -> list[Patch]:
    return project(home, ["a.py", "b.py"])


def two_services(home: Path) -> list[Patch]:
    patches = project(home, ["one/app/main.py", "one/app/db.py", "two/app/main.py"])
    for patch, mode in zip(patches, (0o755, 0o600, 0o664), strict=True):
        patch.path.chmod(mode)
    return patches


def links(home: Path) -> list[Patch]:
    """A link to a file, a link to a folder, and a file that is both written and linked to."""
    project(home, ["shared/a.py", "shared/b.py", "c.py"])
    (home / "app").symlink_to("shared")
    (home / "a.py").symlink_to("shared/a.py")
    (home / "d.py").symlink_to("c.py")
    return [Patch(path=home / name, before=OLD, after=NEW) for name in ("a.py", "app/b.py", "c.py")]


SHAPES: list[Build] = [two_services, links]


@dataclass(kw_only=True)
class Case:
    """A project in which apply, or undo, is about to run."""

    home: Path
    patches: list[Patch]
    command: str
    before: Tree = field(init=False)
    """As it is before the apply, and after the undo."""
    start: Tree = field(init=False)

    def __post_init__(self) -> None:
        self.before = tree(self.home)
        if self.command == "undo":
            apply(self.patches, home=self.home, disk=FaultyDisk())
        self.start = tree(self.home)

    @property
    def is_begun(self) -> bool:
        """Whether the run has got as far as to note in the journal what it is about to do."""
        return any(path.suffix in {".prepared", ".undoing"} for path in self.home.glob(".lazify/journal/*"))

    def run(self, disk: FaultyDisk) -> BaseException | None:
        """What ended the run, None where it came to its own end."""
        try:
            if self.command == "apply":
                apply(self.patches, home=self.home, disk=disk)
            else:
                undo(self.home, disk=disk)
        except (ApplyError, KeyboardInterrupt, Killed) as error:
            return error
        return None


def struck(
    build: Build, command: str, disk_of: MakeDisk, folder: Path
) -> Iterator[tuple[Case, BaseException | None]]:
    """One case for each operation, in which the fault strikes there."""
    for at in count(1):
        home = folder / str(at)
        case = Case(home=home, patches=build(home), command=command)
        disk = disk_of(at)
        ended = case.run(disk)
        if not disk.was_struck:
            assert ended is None
            return
        yield case, ended


def after_of(build: Build, home: Path) -> Tree:
    apply(build(home), home=home, disk=FaultyDisk())
    return tree(home)


def assert_settled(home: Path) -> None:
    """Nothing is left on its way, and nothing lies about."""
    assert recover(home, disk=FaultyDisk()) == ()
    assert [path for path in home.rglob("*") if path.suffix in {".tmp", ".prepared", ".undoing"}] == []


def assert_usable(case: Case, after: Tree) -> None:
    """The next runs find a project like any other."""
    if tree(case.home) == case.before:
        apply(case.patches, home=case.home, disk=FaultyDisk())
    assert tree(case.home) == after
    undo(case.home, disk=FaultyDisk())
    assert tree(case.home) == case.before
    assert_settled(case.home)
