"""Which packages of the package index lazify is tried on, and where they lie once fetched."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "work"
"""The JSON results and the table; ignored by git."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A package that is only rewritten and read, never installed."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A package whose own tests run here, without a network; a tool or service, too."""

    name: str
    version: str
    install: str
    needs: tuple[str, ...]
    pytest: tuple[str, ...]
    slow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One version of FastAPI or Starlette."""

    name: str
    version: str
    needs: tuple[str, ...]
    """What its test client wants."""
    has_events: bool
    """False from Starlette 1.0 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application that is started by uvicorn, before and after."""

    name: str
    version: str
    needs: tuple[str, ...]
    tree: str
    """The folder of its archive that holds its packages."""
    program: str
    """Binds `app`."""
    handlers: tuple[str, ...]
    """The functions whose calls are recorded."""
    requests: tuple[str, ...]
    """Paths that are asked for before all GET routes of its OpenAPI document."""
    omits: tuple[str, ...]
    """GET routes that are not asked for: they wait for what is not there."""
    environment: Mapping[str, str]
    edits: tuple[Mapping[str, str], ...]
    """What its user would change first: `file`, `old`, `new`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All packages, in the order in which they are tried."""

    applications: tuple[Application, ...]
    libraries: tuple[Library, ...]
    tools: tuple[Library, ...]
    frameworks: tuple[Framework, ...]
    served: tuple[Served, ...]


def manifest() -> Manifest:
    """Read packages.toml; slow libraries come last."""
    raw = tomllib.loads(Path(__file__).with_name("packages.toml").read_text(encoding="utf-8"))
    return Manifest(
        applications=tuple(Application(name=n, version=v) for n, v in raw["applications"].items()),
        frameworks=tuple(
            Framework(
                name=entry["name"],
                version=entry["version"],
                needs=tuple(entry["needs"]),
                has_events=entry.get("has_events", True),
            )
            for entry in raw["frameworks"]
        ),
        served=tuple(
            Served(
                name=entry["name"],
                version=entry["version"],
                needs=tuple(entry["needs"]),
                tree=entry.get("tree", ""),
                program=entry["program"],
                handlers=tuple(entry["handlers"]),
                requests=tuple(entry["requests"]),
                omits=tuple(entry.get("omits", ())),
                environment=entry.get("environment", {}),
                edits=tuple(entry.get("edits", ())),
            )
            for entry in raw["served"]
        ),
        libraries=tuple(sorted(map(_library, raw["libraries"]), key=lambda library: library.slow)),
        tools=tuple(map(_library, raw["tools"])),
    )


def _library(entry: Mapping[str, Any]) -> Library:
    return Library(
        name=entry["name"],
        version=entry["version"],
        install=entry.get("install", "."),
        needs=tuple(entry["needs"]),
        pytest=tuple(entry.get("pytest", ())),
        slow=entry.get("slow", False),
    )


def default_folder() -> Path:
    """Where the fetched trees lie: outside the repository, so that no tool of ours walks into them."""
    return Path(os.environ.get("LAZIFY_CORPUS", "/opt/lazify/corpus"))
