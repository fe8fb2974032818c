"""Whether the versions that a project admits know what a lifespan needs."""

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from lazify.getter.problems import Problem
from lazify.index.view import View
from lazify.knowledge.lifecycle import lifecycle
from lazify.lifespan.kinds import Kind

_LOWER = ("==", ">=", ">", "~=", "===")
_WHY = {
    "fastapi": "FastAPI before {oldest} never runs lifespan=",
    "starlette": "Starlette before {oldest} cannot run such a lifespan",
}


def version_problem(view: View, kind: Kind) -> Problem | None:
    """Say which stated requirement admits a version that would not run the lifespan."""
    package = "fastapi" if kind in (Kind.FASTAPI, Kind.API_ROUTER) else "starlette"
    oldest = lifecycle().oldest[package]
    if package == "fastapi" and is_at_least(view, "starlette", lifecycle().starlette):
        return None
    for stated in view.requirements.get(package, ()):
        if _admits_older(stated, Version(oldest)):
            why = _WHY[package].format(oldest=oldest)
            return Problem(f"{why}, and the project's requirement {package}{stated} admits that")
    return None


def is_at_least(view: View, package: str, version: str) -> bool:
    """Tell whether all that the project states for a package rules out what is older."""
    stated = view.requirements.get(package.replace("_", "-"), ())
    lower = [[s for s in map(_lower, _specifiers(each)) if s is not None] for each in stated]
    return bool(stated) and all(found and max(found) >= Version(version) for found in lower)


def is_before(view: View, package: str, version: str) -> bool:
    """Tell whether all that the project states for a package rules out `version` and what is newer."""
    stated = view.requirements.get(package, ())
    return bool(stated) and all(
        any(_ends_before(specifier, Version(version)) for specifier in _specifiers(each)) for each in stated
    )


def _ends_before(specifier: Specifier, version: Version) -> bool:
    stated = _version(specifier)
    if stated is None:
        return False
    match specifier.operator:
        case "<":
            return stated <= version
        case "<=" | "===":
            return stated < version
        case "==":
            return stated < version and not specifier.contains(version)
        case "~=":
            return Version(".".join(map(str, _bumped(stated)))) <= version
        case _:
            return False


def _bumped(version: Version) -> tuple[int, ...]:
    """The first version that `~=` no longer admits: 0.112 for 0.111.3."""
    *kept, last = version.release[:-1]
    return (*kept, last + 1)


def _lower(specifier: Specifier) -> Version | None:
    return _version(specifier) if specifier.operator in _LOWER else None


def _admits_older(stated: str, oldest: Version) -> bool:
    """An open lower end says nothing: installers take the newest."""
    specifiers = _specifiers(stated)
    lower = [version for s in specifiers if (version := _lower(s)) is not None]
    if lower:
        return max(lower) < oldest and not any(
            s.operator == ">" and _version(s) == oldest for s in specifiers
        )
    upper = [
        version for s in specifiers if s.operator in ("<", "<=") and (version := _version(s)) is not None
    ]
    return any(version <= oldest for version in upper)


def _specifiers(stated: str) -> list[Specifier]:
    try:
        return list(SpecifierSet(stated))
    except InvalidSpecifier:
        return []


def _version(specifier: Specifier) -> Version | None:
    try:
        return Version(specifier.version.removesuffix(".*"))
    except InvalidVersion:
        return None
