"""What `from m import *` brings where `m` has no `__all__`: its dictionary, which a former name is no longer in.

`__all__` is asked for by name, as a module `__getattr__` answers: written out, it brings the former names, too.
"""

from collections.abc import Collection, Iterable

from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Edit, InsertAfter
from lazify.model.facts import MODULE, Binding, BindingKind

_PLAIN = frozenset({"Assign", "AnnAssign", "AugAssign", "FunctionDef", "AsyncFunctionDef", "ClassDef", "With",
                    "Import", "ImportFrom", "TypeAlias"})  # fmt: skip
"""Statements that have bound their names whenever the module has been imported."""


def needs_list(view: View, module: Module, name: str) -> bool:
    """Tell whether a star import of the module would miss the name, once it is former."""
    is_public = not name.startswith("_")
    return view.config.keep_names == "always" and is_public and module.facts.exports is None


def list_problem(module: Module) -> Problem | None:
    """Say why the names of the module cannot be listed."""
    facts, lost = module.facts, "code outside the project may import * from it, and which names "
    for item in facts.imports:
        if item.name == "*" and item.scope == MODULE:
            return problem(f"{lost}that would bring is not known", module, item.span)
    if facts.exports_are_dynamic or module.path.name == "__init__.py":
        return problem(f"{lost}it will have is not known", module, facts.statements[0].span)
    for name in facts.bindings:
        unsure = [each for each in facts.bindings[name] if not each.is_typing]
        if not name.startswith("_") and unsure and not any(_is_sure(module, each) for each in unsure):
            return problem(f"{lost}it will have depends on {name}", module, unsure[0].span)
        if any(each.kind is BindingKind.DELETE for each in unsure):
            return problem(f"{lost}it will have depends on {name}", module, unsure[0].span)
    return None


def name_list(module: Module, getters: Iterable[str], *, moving: Collection[int]) -> Edit:
    """Write `__all__` below everything else; `moving` statements go into getters, with what only they bind."""
    names = [
        name
        for name, found in module.facts.bindings.items()
        if any(_is_sure(module, b) and b.statement not in moving for b in found)
    ]
    public = sorted({name for name in (*names, *getters) if not name.startswith("_")})
    code = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in public) + "]\n"
    anchor = [statement.span for statement in module.facts.statements if statement.guard != "main"][-1]
    return InsertAfter(path=module.path, span=anchor, code=code)


def _is_sure(module: Module, binding: Binding) -> bool:
    statement = module.facts.statements[binding.statement]
    is_bound = binding.kind not in (BindingKind.ANNOTATE, BindingKind.DELETE) and not binding.is_typing
    return is_bound and binding.scope == MODULE and statement.kind in _PLAIN and statement.guard is None
