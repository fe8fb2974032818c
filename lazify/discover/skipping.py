"""Which folders hold nothing that the project's authors wrote."""

from collections.abc import Set as AbstractSet

NEVER = frozenset(
    {
        *(".git", ".hg", ".svn", ".bzr", "CVS", ".lazify"),
        *("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"),
        *(".tox", ".nox", ".hatch", ".pixi", ".direnv", ".pyenv", ".eggs", "__pypackages__"),
        *("node_modules", "bower_components", "site-packages", "dist-packages"),
        *(".aws-sam", ".serverless", ".vercel", ".chalice", ".history", ".idea", ".vscode"),
    }
)
"""Version control, caches, environments, and the copies of the source that deployment tools make."""
_VENDORED = frozenset({"_vendor", "_vendored", "vendor", "vendored", "third_party"})
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
_BUILT = frozenset({"build", "dist"})
_PACKAGING = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})


def is_never_entered(name: str) -> bool:
    """Tell by its name alone that a folder is not first-party."""
    return name in NEVER or name.endswith((".egg-info", ".dist-info", ".egg"))


def is_foreign(name: str, *, entries: AbstractSet[str], siblings: AbstractSet[str]) -> bool:
    """Tell by what is in a folder, and beside it, that it is not first-party."""
    if not _ENVIRONMENT_MARKS.isdisjoint(entries):
        return True
    if name in _BUILT:
        return "__init__.py" not in entries and not _PACKAGING.isdisjoint(siblings)
    return name in _VENDORED and not _has_own_modules(entries)


def _has_own_modules(entries: AbstractSet[str]) -> bool:
    """Tell a package about vendors (`vendor/models.py`) from a folder of other people's packages."""
    return any(name.endswith(".py") and name != "__init__.py" for name in entries)
