"""A tree of files as it can be compared: bytes, modes, links, and which Python files compile."""

import hashlib
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

Fingerprint = Mapping[str, tuple[int, str]]
"""The mode and the digest of the content, by path."""

_OURS = {".lazify", ".git"}


def fingerprint(tree: Path) -> Fingerprint:
    """Give what `undo` must bring back: every byte, mode and link, but for lazify's own journal."""
    return {
        str(path.relative_to(tree)): (path.lstat().st_mode, _content(path))
        for path in tree.rglob("*")
        if not _OURS & set(path.relative_to(tree).parts)
    }


def digest(tree: Path) -> str:
    """Name what stands in the Python files of a tree, so that trees with equal code are known to be equal."""
    files = fingerprint(tree)
    code = "\n".join(f"{path} {files[path][1]}" for path in sorted(files) if path.endswith((".py", ".pyi")))
    return hashlib.sha256(code.encode()).hexdigest()


def differing(one: Fingerprint, other: Fingerprint) -> list[str]:
    """Name the paths that are not the same in both."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def compiling(tree: Path, paths: Iterable[str] | None = None) -> frozenset[str]:
    """Name the Python files that compile: all, or those of `paths`."""
    chosen = paths if paths is not None else (str(path.relative_to(tree)) for path in tree.rglob("*.py"))
    return frozenset(path for path in chosen if path.endswith(".py") and _compiles(tree / path))


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return "" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()


def _compiles(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
