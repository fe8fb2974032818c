"""Small projects to apply patches to."""

from collections.abc import Iterable
from pathlib import Path

from lazify.model.changes import Patch

OLD = b"client = Client()\r\n"
NEW = b"_client = None\r\n"

Tree = dict[Path, tuple[object, ...]]


def project(home: Path, files: Iterable[str] = ("app/a.py", "app/b.py")) -> list[Patch]:
    """Files that hold OLD, and the patches that make them NEW."""
    patches = [Patch(path=home / name, before=OLD, after=NEW) for name in files]
    for patch in patches:
        patch.path.parent.mkdir(parents=True, exist_ok=True)
        patch.path.write_bytes(OLD)
    return patches


def contents(patches: Iterable[Patch]) -> list[bytes]:
    return [patch.path.read_bytes() for patch in patches]


def tree(home: Path) -> Tree:
    """Every file, folder and link but the journal: its mode, its owner, and what is in it."""
    found: Tree = {}
    for path in home.rglob("*"):
        name = path.relative_to(home)
        if name.parts[0] == ".lazify":
            continue
        status = path.lstat()
        content = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[name] = (
            status.st_mode,
            status.st_uid,
            status.st_gid,
            status.st_nlink if path.is_file() else 1,
            content,
        )
    return found
