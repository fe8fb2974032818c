"""The rewriting of one file: what it takes, and what it gave in an earlier run that took the same."""

import hashlib
import marshal
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lazify.index.reading import UnreadableError
from lazify.index.store import Store, content_key
from lazify.inputs import Inputs
from lazify.model.changes import Edit, Patch
from lazify.remembered import of_code, plain


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
    surroundings: bytes | None
    """What `surroundings` said of the project."""
    ground: bytes | None = None
    """What earlier steps made of the file; None where it is as on the disk."""

    def before(self) -> bytes:
        """Read the file; raises OSError, and UnreadableError where it is not as it was scanned."""
        data = self.path.read_bytes()
        if content_key(data, self.version) != self.key:
            raise UnreadableError("was edited while lazify ran: run it again")
        return data


def surroundings(inputs: Inputs) -> bytes | None:
    """Digest what decides, beside its edits, how a file is rewritten; None where nobody can tell all of it."""
    code, tools = of_code(), _tools()
    if code is None or tools is None:
        return None
    # Which modules are the project's own decides where isort puts their imports.
    said = (tools, inputs.layout, tuple(source.path for source in inputs.sources))
    return hashlib.blake2b(code + repr(plain(said)).encode("utf-8", "surrogatepass"), digest_size=20).digest()


def recall(work: Iterable[Rewriting], store: Store) -> dict[Path, Patch]:
    """Find what earlier runs have left, by file."""
    names = {item: name for item in work if (name := _name(item)) is not None}
    packed = store.get(list(names.values()))
    found: dict[Path, Patch] = {}
    for item, name in names.items():
        if name in packed:
            with suppress(OSError, UnreadableError):  # who rewrites the file will say so
                found[item.path] = _unpacked(item, item.before(), packed[name])
    return found


def keep(done: Mapping[Rewriting, Patch], store: Store) -> None:
    """Remember what was rewritten for later runs."""
    store.put({name: _packed(patch) for item, patch in done.items() if (name := _name(item)) is not None})


def _name(item: Rewriting) -> bytes | None:
    if item.surroundings is None:
        return None
    said = repr((str(item.path), item.edits, item.key, item.ground)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=20, key=item.surroundings, person=b"rewriting").digest()


def _packed(patch: Patch) -> bytes:
    return zlib.compress(marshal.dumps((patch.after, patch.encoding)), 1)


def _unpacked(item: Rewriting, before: bytes, packed: bytes) -> Patch:
    after, encoding = marshal.loads(zlib.decompress(packed))
    return Patch(path=item.path, before=before, after=after, encoding=encoding)


@cache
def _tools() -> tuple[str, ...] | None:
    """The versions of what rewrites and lays out; None where they do not say."""
    try:
        return tuple(map(version, ("libcst", "black", "isort")))
    except PackageNotFoundError:
        return None
