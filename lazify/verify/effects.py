"""Which of the effects that were observed are the project's own doing, and how they are called on both sides."""

import os
import re
from pathlib import Path

from lazify.model.effects import EffectKind
from lazify.model.observations import ObservedEffect

_RANDOM = re.compile(r"\b(tmp)[a-z0-9_]{8}\b|\b\d{4,}\b|0x[0-9a-f]+|(?<=lazify-run-)\w+")
"""What differs between two runs of the same: temporary names, process ids, addresses."""
_WORDLESS = frozenset({EffectKind.ENTROPY, EffectKind.SLEEP, EffectKind.STATE})
"""Effects whose details say nothing."""
_LISTINGS = frozenset({"os.listdir", "os.scandir"})
_LIBRARY = re.compile(r"/python\d+\.zip$")
"""Where the standard library might lie, and mostly does not."""


def matters(effect: ObservedEffect, root: Path) -> bool:
    """Tell whether a module of the project in `root` causes it, and not any import of anything.

    Reading installed files, the project's own code, and the folders that modules are searched in are part of any.
    """
    if effect.is_installed or not effect.chain:
        return False
    if effect.kind is not EffectKind.FILE_READ:
        return True
    path = Path(os.path.normpath(root / effect.detail))
    if effect.event in _LISTINGS:
        return path != root and path.is_relative_to(root)
    is_code = path.suffix in (".py", ".pyc") and path.is_relative_to(root)
    return not (is_code or _LIBRARY.search(effect.detail))


def named(effect: ObservedEffect, root: Path) -> str:
    """Say what happens, without what differs from run to run; paths in the project are relative to `root`."""
    if effect.kind in _WORDLESS:
        return f"{effect.kind}: {effect.event}"
    detail = _RANDOM.sub("…", _relative(effect.detail, root))
    return f"{effect.kind}: {effect.event} {detail}".rstrip()


def _relative(detail: str, root: Path) -> str:
    if detail.startswith(f"{root}/"):
        return os.path.relpath(os.path.normpath(detail), root)
    return detail.replace(f"{root}/", "").replace(str(root), ".")
