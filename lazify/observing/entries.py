"""What to import for an entry that the user names, and with which search path."""

import keyword
from dataclasses import dataclass
from pathlib import Path

from lazify.discover import Territory, stake, survey
from lazify.discover.naming import Names
from lazify.discover.territory import MARKERS
from lazify.errors import ConfigError

_SOURCE_FOLDERS = ("", "src", "lib", "python")
"""Where packages lie in a project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A module that a platform imports."""

    name: str
    """As the user wrote it."""
    module: str
    """The dotted name to import it by, or to give it where it is loaded from its file."""
    root: Path
    """The folder of the project: where the import runs, and first on the search path."""
    config_root: Path
    """Where the nearest pyproject.toml stands."""
    file: Path | None = None
    """None for an installed module, and for a namespace."""
    folder: Path | None = None
    """What else must be on the search path."""

    @property
    def is_importable(self) -> bool:
        """Tell whether its name can be imported, or it must be loaded from its file."""
        parts = self.module.split(".")
        return all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)

    @property
    def package(self) -> str | None:
        """The package that is first-party although it is installed; None for entries of the project."""
        return self.module.partition(".")[0] if self.file is None else None

    def owns(self, file: str) -> bool:
        """Tell whether a file of the project is first-party, which those in its virtual environments are not."""
        return Path(file).is_relative_to(self.root) and not {"site-packages", "dist-packages"} & set(
            Path(file).parts
        )


def locate(name: str, *, base: Path) -> Entry:
    """Find the entry `name`: a file or package folder relative to `base`, or `package.module`, or `module:app`.

    A module that is not part of the project around `base` is taken to be installed. Raises ConfigError for a path
    where there is nothing to import.
    """
    path = base / name
    if path.is_file() or (path / "__init__.py").is_file():
        return _of_file(name, path, base)
    dotted = name.partition(":")[0]
    if "/" in name or name.endswith(".py") or not all(dotted.split(".")):
        kind = "a folder without __init__.py" if path.is_dir() else "no such file"
        raise ConfigError(f"{name}: {kind}; an entry is a file or a module")
    territory = _territory(name, base)
    file = _find(dotted, territory)
    if file is None:
        return Entry(name=name, module=dotted, root=territory.root, config_root=territory.config_root)
    return _entry(name, dotted, file, territory)


def _of_file(name: str, path: Path, base: Path) -> Entry:
    territory = _territory(name, path)
    file = territory.paths[0]
    file = file / "__init__.py" if file.is_dir() else file
    around = _territory(name, base)
    is_marked = any((territory.root / marker).exists() for marker in (*MARKERS, ".git"))
    if not is_marked and file.is_relative_to(around.root):
        territory = around  # where the user stands, when nothing else tells the project
    names = Names.of_root(territory.root).descendant(territory.root, file.parent)
    return _entry(name, names.module(file.stem), file, territory)


def _territory(name: str, path: Path) -> Territory:
    territories, failures = stake([path])
    if failures:
        raise ConfigError(f"{name}: {failures[0].why}")
    return territories[0]


def _entry(name: str, module: str, file: Path, territory: Territory) -> Entry:
    # A project that is itself a package is imported from outside.
    folder = (file.parent if file.name == "__init__.py" else file).parents[module.count(".")]
    return Entry(
        name=name,
        module=module,
        root=territory.root,
        config_root=territory.config_root,
        file=file,
        folder=None if folder == territory.root else folder,
    )


def _find(dotted: str, territory: Territory) -> Path | None:
    """Find the file of a module: in the usual places, or wherever in the project it has that name."""
    parts = dotted.split(".")
    for folder in _SOURCE_FOLDERS:
        stem = territory.root.joinpath(folder, *parts)
        for file in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
            if file.is_file():
                return file
    sources = survey(territory).sources
    return next((source.path for source in sources if source.module == dotted), None)
