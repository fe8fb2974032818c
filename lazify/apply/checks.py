"""What speaks against writing a file, said before anything is touched."""

import os
import stat
from pathlib import Path

from lazify.apply.disk import is_writable
from lazify.apply.exchange import Seen


def objection(path: Path, seen: Seen | None, expected: bytes, *, edited: str) -> str | None:
    """Why the file may not be written, and what to do; `edited` says it for bytes that nobody expected."""
    if seen is None:
        return "is gone, or a plain file no longer: put it back, then run lazify again"
    if seen.data != expected:
        return edited
    if not (is_writable(seen.mode) and os.access(path, os.W_OK)):
        return f"is read-only ({stat.filemode(seen.mode)[1:]}): make it writable (chmod u+w), then run again"
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    if not (is_writable(mode) and os.access(path.parent, os.W_OK | os.X_OK)):
        return f"lies in a read-only folder ({stat.filemode(mode)[1:]}): make it writable, then run again"
    return None


def objection_to_links(seen: Seen) -> str | None:
    """Replacing one name splits it from the others; writing into all of them changes files nobody named."""
    if seen.links == 1:
        return None
    return f"has {seen.links} names (hard links), which lazify would split: put a copy in its place first"
