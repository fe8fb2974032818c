"""Heavy imports in forms that no function can make for itself: reported, with what keeps each where it is.

from torch.nn import *                   class Net:                    np = import_module("numpy")
                                             import torch
"""

from collections.abc import Iterator

from lazify.imports.candidates import is_ignored
from lazify.imports.weight import Heavy, Weights
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Refusal
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Import
from lazify.model.places import Place, Span

_CODE = "LZ201"
_CALLS = frozenset({"import_module", "__import__"})


def unmovable(view: View, weights: Weights) -> Iterator[Refusal]:
    """Yield those that run when a module of the report is imported."""
    for module in view.reported():
        for item in module.facts.imports:
            if not is_ignored(module, item.statement_span) and (reason := _reason(module, item)):
                heavy = weights.of_module(module, item)
                if heavy is not None and _runs(module, item.statement, item.scope) and not item.is_typing:
                    yield _refusal(module, item.statement_span, heavy, reason)
        yield from _called(module, weights)


def _called(module: Module, weights: Weights) -> Iterator[Refusal]:
    """`import_module("torch")`: by a name, as text."""
    for dynamic in module.facts.dynamics:
        is_call = (
            dynamic.what in _CALLS and dynamic.literal and _runs(module, dynamic.statement, dynamic.scope)
        )
        if is_call and not is_ignored(module, dynamic.span):
            heavy = weights.of_name(dynamic.literal or "", seen_from=module)
            if heavy is not None:
                reason = f"{dynamic.what}() names the module by a string, and its value may go anywhere"
                yield _refusal(module, dynamic.span, heavy, reason)


def _reason(module: Module, item: Import) -> str | None:
    if item.name == "*":
        return "import * brings names that only the installed package knows"
    scope = module.facts.scopes[item.scope]
    if scope.kind == "class":
        return f"the import makes {item.binds} an attribute of the class {scope.name}"
    return None


def _runs(module: Module, statement: int, scope: int) -> bool:
    """Tell whether code of a scope runs when its module is imported: that of the module and of its classes."""
    while scope > MODULE and module.facts.scopes[scope].kind == "class":
        scope = module.facts.scopes[scope].parent
    return scope == MODULE and module.facts.statements[statement].guard != "main"


def _refusal(module: Module, span: Span, heavy: Heavy, reason: str) -> Refusal:
    at = Place(module.path, span)
    return Refusal(
        code=_CODE,
        title=f"{heavy.package} is imported at module level",
        at=at,
        reason=f"{reason} ({module.path.name}:{span.line})",
        why=(Evidence(fact=heavy.fact, at=at),),
        blocked_by=at,
    )
