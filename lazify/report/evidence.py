"""What `lazify profile --format json` and `lazify verify --format json` wrote, as timelines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lazify.errors import ConfigError
from lazify.model.reports import Finding, Measured, Slice, Timeline

LEAST_SHARE = 0.0005
"""Of the whole time: modules that take less are not drawn."""
MOST = 4_000
"""Modules of one chart: the dearest."""
Json = Mapping[str, Any]


def read_evidence(files: Sequence[Path], *further: Json) -> Measured:
    """Read files that lazify itself wrote, and `further` contents of such; raises ConfigError for any other file."""
    return _together([*map(_read, files), *map(_measured, further)])


def _read(file: Path) -> Measured:
    try:
        return _measured(json.loads(file.read_bytes()))
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            "is not what `lazify profile --format json` or `lazify verify --format json` writes", file=file
        ) from error


def _measured(content: Json) -> Measured:
    return Measured(
        timelines=tuple(_timelines(content)),
        findings=tuple(_findings(content)),
        notes=tuple(_notes(content)),
    )


def _together(parts: Sequence[Measured]) -> Measured:
    return Measured(
        timelines=tuple(each for part in parts for each in part.timelines),
        findings=tuple(each for part in parts for each in part.findings),
        notes=tuple(each for part in parts for each in part.notes),
    )


def _timelines(content: Json) -> Iterator[Timeline]:
    for profile in content.get("profiles", ()):
        yield _timeline(str(profile["entry"]), "now", profile)
    for entry in content.get("entries", ()):
        for side in ("before", "after"):
            if entry[side] is not None:
                yield _timeline(str(entry["entry"]), side, entry[side])
    if "profiles" not in content and "entries" not in content:
        raise KeyError("profiles")


def _timeline(title: str, side: str, seen: Json) -> Timeline:
    modules = seen["modules"]
    whole = float(seen["seconds"]) * 1000
    return Timeline(
        title=title,
        side=side,
        ms=round(whole, 3),
        is_measured=True,
        mib=round(int(seen["peak_bytes"]) / 2**20, 1),
        modules=len(modules),
        note=_outcome(seen["outcome"]),
        slices=tuple(_slices(modules, whole)),
    )


def _outcome(outcome: Json) -> str:
    """Say how an import ended that did not come to its end."""
    kind = outcome.get("is", outcome.get("kind", "Imported"))
    if kind == "Imported":
        return ""
    details = [str(outcome[key]) for key in ("error", "message", "why", "code", "signal") if outcome.get(key)]
    return f"{kind}: {' '.join(details)}" if details else str(kind)


def _slices(modules: Sequence[Json], whole: float) -> list[Slice]:
    """Nest modules in those that loaded them, in the order of loading."""
    dear = sorted(modules, key=lambda module: -float(module["seconds"]))[:MOST]
    names = {str(m["name"]) for m in dear if float(m["seconds"]) * 1000 >= whole * LEAST_SHARE}
    tops = sum(float(module["seconds"]) * 1000 for module in modules if module["parent"] not in names)
    scale = (
        min(1.0, whole / tops) if tops else 1.0
    )  # a run that is traced takes longer than one that is timed
    children: dict[str | None, list[Json]] = {}
    for module in modules:
        if module["name"] in names:
            parent = (
                module["parent"] if module["parent"] in names and module["parent"] != module["name"] else None
            )
            children.setdefault(parent, []).append(module)
    return _nested(None, children, scale)


def _nested(parent: str | None, children: Mapping[str | None, list[Json]], scale: float) -> list[Slice]:
    return [
        Slice(
            name=str(module["name"]),
            ms=round(float(module["seconds"]) * 1000 * scale, 3),
            kind="own" if _is_own(module) else "other",
            at=_line(module.get("importer")),
            below=tuple(_nested(str(module["name"]), children, scale)),
        )
        for module in children.get(parent, ())
    ]


def _is_own(module: Json) -> bool:
    file = module.get("file")
    return (
        file is not None
        and "site-packages" not in file
        and "dist-packages" not in file
        and "/lib/python" not in file
    )


def _line(importer: object) -> str:
    match importer:
        case {"path": str(path), "line": int(line)}:
            return f"{path}:{line}"
    return ""


def _findings(content: Json) -> Iterator[tuple[str, Finding]]:
    for entry in content.get("entries", ()):
        for each in entry["comparisons"]:
            yield (
                str(entry["entry"]),
                Finding(
                    aspect=str(each["aspect"]),
                    judgement=str(each["judgement"]),
                    before=str(each["before"]),
                    after=str(each["after"]),
                ),
            )
    tests = content.get("tests")
    if tests is not None:
        before, after = (
            f"{tests[side]['passed']} passed, {tests[side]['failed']} failed" for side in ("before", "after")
        )
        judgement = "worse" if tests["broken"] else "same"
        yield str(tests["command"]), Finding(aspect="tests", judgement=judgement, before=before, after=after)


def _notes(content: Json) -> Iterator[str]:
    for key in ("isolation", "platform"):
        if content.get(key):
            yield f"{key}: {content[key]}"
