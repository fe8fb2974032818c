"""lazify itself, as its users run it: a process of its own, from this checkout."""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.corpus.manifest import RESULTS
from tests.corpus.process import Outcome, run

REPOSITORY = Path(__file__).parents[2]

MODES: Mapping[str, tuple[str, ...]] = {
    "normal": (),
    "risky": ("--risky",),
    "hostile": ("--singleton", "*", "--risky"),
    "kept": ("--singleton", "*", "--risky", "--keep-names", "always"),
    "plain": ("--singleton", "*", "--risky", "--getter", "plain"),
    "imports": ("--heavy", "*"),
    "both": ("--singleton", "*", "--risky", "--heavy", "*"),
}
"""The flags of `lazify apply` by the name of the mode."""

PROMISED = ("normal", "hostile", "imports", "both")
"""The modes in which no library may lose a test."""

_HOSTILE: dict[str, object] = {"singleton": ["*"], "risky": True}
_OPTIONS: Mapping[str, dict[str, object]] = {
    "normal": {},
    "risky": {"risky": True},
    "hostile": _HOSTILE,
    "kept": {**_HOSTILE, "keep_names": "always"},
    "plain": {**_HOSTILE, "getter": "plain"},
    "imports": {"heavy": ["*"]},
    "both": {**_HOSTILE, "heavy": ["*"]},
}


def as_options(mode: str) -> dict[str, object]:
    """The same flags as lazify's configuration names them."""
    return _OPTIONS[mode]


def lazify(*arguments: str, cwd: Path, timeout: float = 1200) -> Outcome:
    """Run the command in `cwd`; its cache lies beside that folder, see `forget`."""
    return run(
        [sys.executable, "-m", "lazify", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(REPOSITORY), "LAZIFY_CACHE_DIR": str(_cache(cwd)), "NO_COLOR": "1"},
        timeout=timeout,
    )


def forget(cwd: Path) -> None:
    """Throw the cache for runs in `cwd` away: the next run is a cold one."""
    shutil.rmtree(_cache(cwd), ignore_errors=True)


@cache
def version() -> str:
    """Name the state of lazify's sources, so that results of another state are known to be old."""
    digest = hashlib.sha256()
    for folder in ("lazify", "codemods"):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def recorded(name: str, make: Callable[[], dict[str, Any]], *, stale: bool = False) -> dict[str, Any]:
    """Give the result of this name, made now unless it is there and of this lazify (or `stale` will do)."""
    result = earlier(name)
    if result is not None and (stale or result.get("lazify") == version()):
        return result
    result = {"lazify": version(), **make()}
    path = RESULTS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1), encoding="utf-8")
    return result


def earlier(name: str) -> dict[str, Any] | None:
    """Give the result of this name that an earlier run left, of whatever lazify."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def _cache(cwd: Path) -> Path:
    return cwd.with_name(f"{cwd.name}.cache")
