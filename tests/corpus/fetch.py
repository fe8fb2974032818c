"""Bring the packages: source archives where they exist, wheels otherwise, unpacked and never built."""

import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from tests.corpus.manifest import Application, Library
from tests.corpus.process import Outcome, run


def fetch(package: Application | Library, folder: Path) -> Path:
    """Unpack the package below `folder` and return its root; what is there already is left alone.

    Raises FileNotFoundError when the index has neither a source archive nor a wheel for this Python.
    """
    tree = folder / f"{package.name}-{package.version}"
    if tree.exists():
        return tree
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        unpacked = Path(scratch, "unpacked")
        _unpack(_download(package, Path(scratch, "archive")), unpacked)
        _only_folder(unpacked).rename(tree)
    return tree


def _download(package: Application | Library, into: Path) -> Path:
    source = _pip_download(package, into, "--no-binary", package.name)
    wheel = source if _archives(into) else _pip_download(package, into, "--only-binary", ":all:")
    found = _archives(into)
    if not found:
        raise FileNotFoundError(f"{package.name} {package.version}: {source.tail}\n{wheel.tail}")
    return found[0]


def _pip_download(package: Application | Library, into: Path, *flags: str) -> Outcome:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python"]
    wanted = f"{package.name}=={package.version}"
    return run([*pip, *flags, "--dest", str(into), wanted], timeout=900)


def _archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("*")) if folder.exists() else []


def _unpack(archive: Path, into: Path) -> None:
    if archive.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(into)
    else:
        with tarfile.open(archive) as tarred:
            tarred.extractall(into, filter="data")


def _only_folder(unpacked: Path) -> Path:
    """The folder that a source archive wraps everything in; a wheel has several and is its own root."""
    inside = list(unpacked.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else unpacked


def copy(tree: Path, to: Path) -> None:
    """Put a fresh copy of the tree at `to`, whatever stood there."""
    if to.exists():
        shutil.rmtree(to)
    shutil.copytree(tree, to, symlinks=True)
