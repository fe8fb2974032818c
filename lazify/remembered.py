"""Plans kept between runs by the digest of all that they depend on: nothing changed, nothing to work out."""

import hashlib
import marshal
import sys
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import lazify
from lazify import codemod
from lazify.index.columns import codec_of
from lazify.index.refs import RefReader, RefWriter
from lazify.index.store import Store
from lazify.inputs import Inputs
from lazify.model.changes import Plan


def digest(inputs: Inputs) -> bytes | None:
    """Name the plan that this code makes of `inputs`; None where nobody can tell all that it depends on."""
    code = of_code()
    if code is None or inputs.config.python is not None:
        return None  # what others' codemods look at, or what is installed, is not among the inputs
    whole = hashlib.blake2b(code, digest_size=20, person=b"plan")
    whole.update(repr(plain(inputs)).encode("utf-8", "surrogatepass"))
    return whole.digest()


def recall(digest: bytes, store: Store) -> Plan | None:
    """Find the plan of an earlier run; None where `store` has none."""
    packed = store.get([digest]).get(digest)
    return None if packed is None else unpack(packed)


def keep(digest: bytes, packed: bytes, store: Store) -> None:
    """Remember the plan for later runs, as `pack` gave it."""
    store.put({digest: packed})


def pack(plan: Plan) -> bytes:
    """Turn a plan into bytes for `unpack`."""
    return zlib.compress(marshal.dumps(codec_of(Plan).encode([plan], RefWriter())), 1)


def unpack(packed: bytes) -> Plan:
    """Give the plan that `pack` took."""
    (plan,) = codec_of(Plan).decode(marshal.loads(zlib.decompress(packed)), RefReader(list))
    assert isinstance(plan, Plan)
    return plan


@cache
def of_code() -> bytes | None:
    """Digest all that makes plans, once in a run: this Python, the codemods, and every file of code or knowledge."""
    homes = codemod.homes()
    if homes is None:
        return None
    whole = hashlib.blake2b(f"{sys.version} {sys.platform} {lazify.__version__} {sorted(homes)}".encode())
    for folder in sorted({Path(lazify.__file__).parent, *homes.values()}):
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".toml"):
                data = file.read_bytes()
                whole.update(f"{file.relative_to(folder)} {len(data)} ".encode() + data)
    return whole.digest()


def plain(value: object) -> object:
    """Turn records into tuples whose `repr` tells everything, in one order."""
    match value:
        case None | bool() | int() | str() | bytes():
            return value
        case Path():
            return str(value)
        case tuple():
            return tuple(map(plain, value))
        case frozenset():
            return sorted(map(repr, map(plain, value)))
        case Mapping():
            return sorted((str(key), plain(each)) for key, each in value.items())
    if not is_dataclass(value):
        raise TypeError(f"{type(value)} is no input")
    return tuple(plain(getattr(value, field.name)) for field in fields(value))
