"""One file's edits to one patch: what a worker process does; nothing raises out of it."""

from dataclasses import dataclass
from pathlib import Path

from lazify.errors import RewriteError
from lazify.index.reading import UnreadableError, decode, encode
from lazify.index.store import content_key
from lazify.model.changes import Edit, Patch
from lazify.model.places import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """The edits of one file, and what they were planned for."""

    path: Path
    edits: tuple[Edit, ...]
    key: bytes
    """The content key of the file as it was scanned."""
    version: bytes
    """Of the scanner that made the key."""
    config_root: Path
    """Where the settings of the project's formatter stand."""
    ground: bytes | None = None
    """What earlier steps made of the file; None where it is as on the disk."""


def rewrite_file(work: Rewriting) -> Patch | Failure:
    """Read, rewrite and format one file in memory."""
    from lazify.format import format_changed, sections, settings, sort_changed
    from lazify.format.hanging import realigned
    from lazify.rewrite import rewrite

    try:
        before = work.path.read_bytes()
        if content_key(before, work.version) != work.key:
            return Failure(path=work.path, why="was edited while lazify ran: run it again")
        text = decode(before if work.ground is None else work.ground)
        changed = realigned(text.text, rewrite(text.text, work.edits))
        layout = settings(work.config_root)
        changed = sort_changed(text.text, changed, work.path, sections(work.config_root, layout))
        after = format_changed(text.text, changed, layout)
        return Patch(path=work.path, before=before, after=encode(after, text), encoding=text.encoding)
    except (OSError, UnreadableError, RewriteError) as error:
        return Failure(path=work.path, why=str(error))
