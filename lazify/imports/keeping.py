"""Names that keep working although their import has moved: a module `__getattr__` (PEP 562)."""

from collections.abc import Iterator, Sequence

from lazify.getter.asking import Exposed
from lazify.getter.hooks import hook_problem
from lazify.getter.problems import Problem
from lazify.index.modules import Module
from lazify.index.view import View


def kept(view: View, exposed: Sequence[Exposed]) -> Iterator[str]:
    """Yield why a name has to keep working."""
    if view.config.keep_names == "always":
        yield "--keep-names always"
    elif view.config.keep_names == "auto":
        yield from (each.reason for each in exposed)


def keeping_problem(view: View, module: Module, name: str, exposed: Sequence[Exposed]) -> Problem | None:
    """Say why a name that has to keep working cannot."""
    if not any(True for _ in kept(view, exposed)):
        seen = [each for each in exposed if not each.is_assumed]
        if seen:
            return Problem(f"{seen[0].reason}, and --keep-names never forbids to keep {name}")
        return None
    return hook_problem(view, module, name)
