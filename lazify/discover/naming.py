"""Dotted names for display: imports are resolved by path, so two files may share one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Names:
    """How modules in one folder are called."""

    dotted: str = ""
    """Empty for a folder that is on the import path."""
    is_package: bool = False
    is_in_src: bool = False
    """Below a `src` folder, what has no `__init__.py` is a namespace package, not a mere folder."""

    @classmethod
    def of_root(cls, root: Path) -> Self:
        """Name the root of a project, which may itself be a package."""
        parts: list[str] = []
        while (root / "__init__.py").is_file() and root.parent != root:
            parts.insert(0, root.name)
            root = root.parent
        return cls(".".join(parts), is_package=bool(parts), is_in_src=root.name == "src")

    def child(self, folder: str, *, has_init: bool) -> "Names":
        """Name a folder in this one."""
        if self.is_package:
            return Names(self.module(folder), is_package=True)
        if has_init:
            return Names(self.module(folder) if self.is_in_src else folder, is_package=True)
        if folder == "src":
            return Names(is_in_src=True)
        return Names(self.module(folder), is_in_src=self.is_in_src)

    def descendant(self, root: Path, folder: Path) -> "Names":
        """Name `folder`, somewhere below `root` whose names these are."""
        names = self
        for part in folder.relative_to(root).parts:
            root /= part
            names = names.child(part, has_init=(root / "__init__.py").is_file())
        return names

    def module(self, stem: str) -> str:
        """Name a module in this folder."""
        if stem == "__init__":
            return self.dotted
        return f"{self.dotted}.{stem}" if self.dotted else stem
