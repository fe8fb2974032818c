"""The entry points that the files of platforms name."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lazify.discover import Territory, survey
from lazify.index.platform import read_texts
from lazify.model.places import Source

_VERCEL = ("vercel.json", "now.json")


def named_entries(territory: Territory) -> Iterator[str]:
    """Yield the files that a platform imports: `app.main:app`, `handler: src/main.handler`, Vercel's api/."""
    inventory = survey(territory)
    texts = read_texts(inventory.platform_files)
    words = "\n".join(texts.values())
    vercel = {file.parent: text for file, text in texts.items() if file.name in _VERCEL}
    served = [source for source in inventory.sources if _is_served(source, vercel)]
    spoken_of = [source for source in served if _is_spoken_of(source, vercel)]
    for source in inventory.sources:
        if not source.is_test and (_is_named(source, words) or source in (spoken_of or served)):
            yield str(source.path)


def _is_named(source: Source, words: str) -> bool:
    stem = source.path.relative_to(source.root).with_suffix("").as_posix()
    module = source.module
    before = r"(?<![\w./-])(?:\./)?"
    patterns = (
        rf"{before}{re.escape(module)}:[A-Za-z_]\w*(?![\w:])",  # uvicorn, gunicorn, entry points of servers
        rf"(?im)^\s*-?\s*[\"']?handler[\"']?\s*[:=]\s*[\"']?(?:\./)?(?:{re.escape(stem)}|{re.escape(module)})\.\w+",
    )
    return bool(module) and any(re.search(pattern, words) for pattern in patterns)


def _is_served(source: Source, vercel: Mapping[Path, str]) -> bool:
    """Vercel makes a function of each file below api/ but those whose names begin with `_` or `.`."""
    name = source.path.name
    return any(
        source.path.is_relative_to(home / "api") and not name.startswith(("_", ".")) for home in vercel
    )


def _is_spoken_of(source: Source, vercel: Mapping[Path, str]) -> bool:
    """Whether requests are sent to it by name."""
    return any(
        source.path.relative_to(home).with_suffix("").as_posix() in text
        for home, text in vercel.items()
        if source.path.is_relative_to(home)
    )
