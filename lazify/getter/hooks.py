"""The module `__getattr__` (PEP 562) that serves former names: a new one, or the one that the module has.

    def __getattr__(name):                    def __getattr__(name):
        if name == "Group": ...           →       if name == "store":
        raise AttributeError(name)                    return get_store()
                                                  if name == "Group": ...
                                                  raise AttributeError(name)

The names stood in the module until now, so that a function of its own was never asked for them: asked first, they
change nothing for the names that it serves itself.
"""

import re
from collections.abc import Mapping

from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Edit, InsertAfter, InsertBefore
from lazify.model.facts import MODULE, Binding, BindingKind, Scope

_HOOK = "__getattr__"
_NOT_TYPING = re.compile(r"if\s+not\s+[\w.]*\bTYPE_CHECKING\s*:")


def hook_problem(view: View, module: Module, name: str) -> Problem | None:
    """Say why the module's own `__getattr__` cannot serve one more name; None where it can, or where it has none."""
    bindings = module.facts.bindings.get(_HOOK, ())
    own = _own(view, module)
    if not bindings or (own is not None and not any(name in names for _, names in own.globals)):
        return None
    reason = f"{name} has to keep working and the module has a __getattr__ of its own"
    return problem(reason, module, bindings[0].span)


def hook(view: View, module: Module, answers: Mapping[str, str], docstring: str) -> Edit:
    """Serve each name by the statements of its answer, the last of which returns the value.

    A new function stands last in the module, above the `__main__` block.
    """
    own = _own(view, module)
    if own is not None and own.body is not None:
        code = _tests(answers, asked=own.parameters[0].name)
        return InsertBefore(path=module.path, span=own.body, code=code)
    code = (
        f'def {_HOOK}(name: str):\n    """{docstring}"""\n'
        + _indented(_tests(answers, asked="name"))
        + '    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")\n'
    )
    anchor = [statement.span for statement in module.facts.statements if statement.guard != "main"][-1]
    return InsertAfter(path=module.path, span=anchor, code=code)


def _own(view: View, module: Module) -> Scope | None:
    """Return the function, where it is a plain one that is there whenever the module has been imported."""
    bindings = module.facts.bindings.get(_HOOK, ())
    if len(bindings) != 1 or bindings[0].kind is not BindingKind.FUNCTION or bindings[0].scope != MODULE:
        return None
    scope = module.facts.scopes[bindings[0].index]
    is_plain = not (scope.decorators or scope.is_async or scope.is_generator)
    takes_name = [each.kind for each in scope.parameters] == ["positional"]
    is_there = is_plain and takes_name and scope.body is not None and _is_run(view, module, bindings[0])
    return scope if is_there else None


def _is_run(view: View, module: Module, binding: Binding) -> bool:
    """Tell whether it stands in the open, or under `if not TYPE_CHECKING:`."""
    statement = module.facts.statements[binding.statement]
    if statement.kind == "If" and not binding.is_typing and statement.binds == (_HOOK,):
        return _NOT_TYPING.match(view.text(module).cut(statement.span)) is not None
    return statement.kind == "FunctionDef"


def _tests(answers: Mapping[str, str], *, asked: str) -> str:
    return "".join(f'if {asked} == "{name}":\n{_indented(answers[name])}' for name in sorted(answers))


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in code.splitlines())
