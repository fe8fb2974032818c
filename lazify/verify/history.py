"""What a project was before: as git has it at HEAD, or as the journal of an apply does."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lazify.errors import LazifyError

Files = Mapping[Path, bytes | None]
"""What stood in some files, relative to a root; None where there was none."""

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
"""Nothing that a repository configures for other occasions is run."""


def head(root: Path) -> tuple[str, Files]:
    """Give the commit that git has at HEAD, and every file of `root` that it holds, or that only the index holds.

    The user's index and checkout stay as they are. Raises LazifyError where there is no HEAD.
    """
    with tempfile.TemporaryDirectory(prefix="lazify-head-") as folder:
        work = Path(folder)
        commit = _git(root, "rev-parse", "--verify", "--short", "HEAD").strip()
        prefix = _git(root, "rev-parse", "--show-prefix").rstrip("\n")
        known = _names(_git(root, "ls-files", "-z"))
        index = {"GIT_INDEX_FILE": str(work / "index")}
        _git(root, "read-tree", "HEAD", environment=index)
        names = _git(root, "ls-files", "-z", environment=index)
        _git(root, "checkout-index", "-z", "--stdin", f"--prefix={work}/head/", environment=index, fed=names)
        there = work / "head" / prefix
        files: dict[Path, bytes | None] = dict.fromkeys(known - _names(names))
        for name in _names(names):
            if (there / name).is_file() and not (there / name).is_symlink():
                files[name] = (there / name).read_bytes()
        return commit, files


def _names(listed: str) -> set[Path]:
    return {Path(name) for name in listed.split("\0") if name}


def _git(
    root: Path, *words: str, environment: Mapping[str, str] | None = None, fed: str | None = None
) -> str:
    command = ["git", *_QUIET, "-C", str(root), *words]
    variables = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", **(environment or {})}
    try:
        done = subprocess.run(
            command,
            env=variables,
            input=None if fed is None else os.fsencode(fed),
            stdin=subprocess.DEVNULL if fed is None else None,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise LazifyError(
            f"git cannot be run: {error.strerror}; `--before PATH` names what was before"
        ) from error
    if done.returncode:
        words_ = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise LazifyError(f"git has no HEAD of {root} ({words_[-1]}); `--before PATH` names what was before")
    return os.fsdecode(done.stdout)
