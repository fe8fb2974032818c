"""What sends functions to other processes as code: the facts of sending.toml."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def senders() -> frozenset[str]:
    """Read the names, those that stand for all below them with their `.*`."""
    text = Path(__file__).with_name("sending.toml").read_text(encoding="utf-8")
    return frozenset(name for table in tomllib.loads(text)["sender"] for name in table["names"])


@cache
def sender_packages() -> frozenset[str]:
    """Read which packages they are of."""
    return frozenset(name.partition(".")[0] for name in senders())


def is_sender(name: str) -> bool:
    """Tell whether a full name is listed, or below one that is listed with all below it."""
    if name in senders():
        return True
    while name:
        if f"{name}.*" in senders():
            return True
        name = name.rpartition(".")[0]
    return False
