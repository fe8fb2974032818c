"""Names that platforms look up: `app` of `uvicorn app.main:app`, `handler` of `api/index.handler`.

The files that name them come in many formats and most hold shell text, so they are searched for the one form
they share, a module or file followed by a name. A name found too often only keeps a value where it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

_OBJECT = re.compile(r"[\w./-]*[A-Za-z_]\w*\s*:\s*([A-Za-z_]\w*)(?:\(\))?(?![\w/.:-])")
"""`package.module:name`, as gunicorn, uvicorn, Procfile and entry points write it."""
_FUNCTION = re.compile(r"(?im)^\s*-?\s*[\"']?handler[\"']?\s*[:=]\s*[\"']?[\w./-]*\.([A-Za-z_]\w*)")
"""`handler: src/main.handler`, as serverless.yml and SAM templates write it."""
_EXTERNAL = re.compile(r"ext://[\w.]*\.([A-Za-z_]\w*)")
"""`ext://package.module.name`, as configurations of logging write it."""
_FLAG = re.compile(
    r"""--(?:entry-point|target)(?:=|\s+|["']\s*,\s*["'])([A-Za-z_]\w*)\b|\bFUNCTION_TARGET\s*[=:]\s*["']?(\w+)"""
)
"""`gcloud functions deploy --entry-point=name`, `functions-framework --target name`."""
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
"""`huey_consumer.py jobs.queue`, `"app_function": "site.service"`: a name in a module, perhaps."""
_LARGEST = 2**20


def read_texts(files: Iterable[Path]) -> dict[Path, str]:
    """Read files of platforms and of settings; those that are missing or unreadable say nothing."""
    return {file: _text(file) for file in files}


def platform_names(texts: Mapping[Path, str]) -> dict[str, str]:
    """Map each name that one of the files may look up to that file's name."""
    names: dict[str, str] = {}
    for file, text in texts.items():
        for name in _names(text):
            names.setdefault(name, file.name)
    return names


def dotted_names(texts: Mapping[Path, str]) -> dict[tuple[str, str], str]:
    """Map each name that a file may look up, with the last part of its module's name, to that file's name."""
    names: dict[tuple[str, str], str] = {}
    for file, text in texts.items():
        for dotted in set(_DOTTED.findall(text)):
            parts = dotted.split(".")
            for pair in pairwise(parts):
                names.setdefault(pair, file.name)
    return names


def _text(file: Path) -> str:
    try:
        return file.read_bytes()[:_LARGEST].decode("utf-8", "replace")
    except OSError:
        return ""


def _names(text: str) -> Iterator[str]:
    for match in _OBJECT.finditer(text):
        if not match.group(0).rstrip().startswith(("http", "//")) and _is_object(match.group(0)):
            yield match.group(1)
    yield from _FUNCTION.findall(text)
    yield from _EXTERNAL.findall(text)
    yield from (flag or variable for flag, variable in _FLAG.findall(text))


def _is_object(text: str) -> bool:
    """Tell `app.main:app` from `key: value`."""
    left, _, right = text.partition(":")
    return left == left.rstrip() and right == right.lstrip()
