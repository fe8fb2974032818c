"""A tree of files in a temporary folder that no outer project claims."""

from collections.abc import Callable
from pathlib import Path

import pytest

Tree = Callable[[dict[str, str]], Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Write `files` (path to text) below a folder; `a -> b` makes a symlink; a final slash makes a folder."""
    monkeypatch.setenv("HOME", str(tmp_path))  # nothing above counts as a project
    root = tmp_path / "work"
    root.mkdir()

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = root / name
            if " -> " in name:
                link, target = name.split(" -> ")
                (root / link).parent.mkdir(parents=True, exist_ok=True)
                (root / link).symlink_to(target)
            elif name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return root

    return write
