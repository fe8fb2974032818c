"""What serverless platforms give a process: platforms.toml, whose head explains the format."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT = "serverless"
"""The platform that stands for all, where none is named."""
MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform, as it runs a function or service that asks for nothing special."""

    name: str
    title: str
    seconds: float
    """How long an import may take."""
    memory: int
    """Bytes."""
    temporary: tuple[Path, ...]
    """The folders that are empty and writable."""
    size: int | None
    """Bytes that fit into each of them; None where they are part of the memory."""
    writes_everywhere: bool
    environment: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def platforms() -> dict[str, Platform]:
    """Read every platform, by name."""
    text = Path(__file__).with_name("platforms.toml").read_text(encoding="utf-8")
    return {
        name: Platform(
            name=name,
            title=table["title"],
            seconds=float(table["seconds"]),
            memory=table["memory"] * MIB,
            temporary=tuple(map(Path, table["temporary"])),
            size=table["size"] * MIB if "size" in table else None,
            writes_everywhere=table["writes"] == "everything",
            environment=table["environment"],
            sources=tuple(table["sources"]),
        )
        for name, table in tomllib.loads(text).items()
    }
