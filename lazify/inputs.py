"""Everything that the plan of one project depends on, in one record: equal inputs give equal plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lazify.config import Config
from lazify.discover import Inventory
from lazify.index.contents import Contents, look
from lazify.index.platform import read_texts
from lazify.index.store import Store
from lazify.knowledge.heavy import Cost
from lazify.knowledge.measured import read_measured
from lazify.layout import layout_files
from lazify.linters import Linters, read_linters
from lazify.metadata import Metadata, read_metadata
from lazify.model.places import Failure, Source
from lazify.requirements import read_required, read_requirements


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What planning may look at; what is not here, a `View` must not show."""

    config: Config
    metadata: Metadata
    sources: tuple[Source, ...]
    foreign: tuple[Path, ...]
    """Files in other languages."""
    contents: Contents
    """Of both."""
    failures: tuple[Failure, ...]
    """Folders that could not be read."""
    stubs: Mapping[Path, str]
    """The `.pyi` files with their text."""
    platform_files: Mapping[Path, str]
    """The files of platforms with their text."""
    requirements: Mapping[str, tuple[str, ...]]
    """What the project says of the versions of other packages: normalized name to version specifiers."""
    required: frozenset[str]
    """Normalized names of the packages that are installed wherever the project is."""
    linters: Linters
    """What the project's linters look at."""
    layout: Mapping[Path, str]
    """The files that say how code is laid out, with their text."""
    base: Path
    """The folder that entries are named from."""
    measured: tuple[Cost, ...] = ()
    """What `lazify profile --save` measured."""


def gather(inventory: Inventory, config: Config, *, store: Store) -> Inputs:
    """Look at all files of a project; raises ConfigError for a broken pyproject.toml or profile."""
    territory = inventory.territory
    paths = (*(source.path for source in inventory.sources), *inventory.foreign)
    return Inputs(
        config=config,
        metadata=read_metadata(territory.config_root),
        sources=inventory.sources,
        foreign=inventory.foreign,
        contents=look(paths, root=territory.root, store=store),
        failures=inventory.failures,
        stubs=read_texts(sorted(inventory.stubs)),
        platform_files=read_texts(inventory.platform_files),
        requirements=read_requirements(territory.config_root),
        required=read_required(territory.config_root),
        linters=read_linters(territory.config_root),
        layout=read_texts(layout_files(territory.config_root)),
        base=Path.cwd(),
        measured=read_measured(territory.root),
    )
