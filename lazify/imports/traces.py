"""What a module leaves in objects that it has not made: who imports it for that would miss it until the first use.

@app.get("/users")                    a route of the application of another module
def users(): ...

signal("saved").connect(send_mail)    a call for nothing but its effect
"""

import ast
from collections.abc import Iterator

from lazify.getter.groups import root
from lazify.getter.problems import Problem, problem
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule
from lazify.index.view import View
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    BindingKind,
    CallRef,
    ChoiceRef,
    Does,
    ItemRef,
    LambdaRef,
    NameRef,
    Operation,
    Ref,
    Role,
    Scope,
    Statement,
)
from lazify.model.places import Span
from lazify.statements import parse

_BLOCKS = frozenset({"AsyncFor", "AsyncWith", "For", "If", "Match", "Try", "TryStar", "While", "With"})
_SAYS = frozenset(
    {"critical", "debug", "error", "exception", "info", "log", "print", "trace", "warn", "warning"}
)
"""Calls that only tell somebody something: nobody minds when."""
_DEEPEST = 5
_OWN_NAMES = frozenset({"globals", "locals"})


def trace_problem(view: View, module: Module) -> Problem | None:
    """Say what importing the module does to an object that is not its own."""
    for what, span in _traces(view, module):
        return problem(f"importing {module.name} {what}", module, span)
    return None


def _traces(view: View, module: Module) -> Iterator[tuple[str, Span]]:
    for scope in module.facts.scopes[1:]:
        for ref in scope.decorators if _runs_at_import(module, scope) else ():
            if changed := _takes_definitions(view, module, ref):
                yield _changes(changed), scope.span
    for number, statement in enumerate(module.facts.statements):
        if statement.guard is None:
            yield from _of_statement(view, module, number, statement)


def _of_statement(
    view: View, module: Module, number: int, statement: Statement
) -> Iterator[tuple[str, Span]]:
    operations = module.facts.scopes[MODULE].operations
    mine = [
        each._replace(subject=each.subject and _unaliased(view, module, each.subject))
        for each in operations
        if each.statement == number and not each.deferred
    ]
    for each in mine:
        is_change = each.does in (Does.MUTATE, Does.WRITE) and each.subject is not None
        is_own = _is_own(module, each.subject) and not _is_looped(view, module, number, each.subject)
        if is_change and not is_own:
            yield _changes(each.subject), each.span
    calls = {each.span: each for each in mine if each.does is Does.CALL}
    for call in calls.values():
        is_given = any(_is_definition(module, argument.ref) for argument in call.arguments)
        is_given = is_given or isinstance(call.subject, CallRef)  # `app.get("/")(index)`
        if is_given and (changed := _takes_definitions(view, module, call.subject)):
            yield _changes(changed), call.span
    if statement.kind == "Expr" and not statement.is_docstring and statement.span not in calls:
        name = _imported_name(module, number)
        if name is not None:  # an operator, an item, an attribute: for its effect, or for nothing
            yield _changes(NameRef(name, MODULE)), statement.span
    for span in _bare(view, module, statement) if calls else ():
        if span in calls and not _is_for_itself(view, module, calls[span]):
            yield f"calls {_words(calls[span].subject)}() for its effect", span


def _takes_definitions(view: View, module: Module, ref: Ref | None) -> Ref | None:
    """Find the object of another module whose method is given a function or class of this one."""
    if isinstance(ref, ChoiceRef):
        options = (_takes_definitions(view, module, each) for each in ref.options)
        return next((each for each in options if each is not None), None)
    method = _called(ref and _unaliased(view, module, ref))
    if isinstance(method, AttributeRef) and _is_foreign(view, module, method.value):
        return method.value
    return None


def _bare(view: View, module: Module, statement: Statement) -> Iterator[Span]:
    """Yield the calls whose results nobody takes: the statement itself, or those in its block."""
    if statement.kind == "Expr":
        yield statement.span
    if statement.kind not in _BLOCKS:
        return
    text = view.text(module)
    lines = Lines(text.whole)
    tree = parse(text.whole)
    queue: list[ast.AST] = [node for node in tree.body if node.lineno == statement.span.line]
    while queue:
        match queue.pop():
            case ast.Expr(value=ast.Call() as call):
                yield lines.span(call)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.expr():
                pass
            case node:
                queue += ast.iter_child_nodes(node)


def _is_for_itself(view: View, module: Module, call: Operation) -> bool:
    """Tell whether a call whose result nobody takes does nothing to others, or is looked into elsewhere."""
    subject = call.subject
    name = subject.name if isinstance(subject, NameRef | AttributeRef) else ""
    if name in _SAYS or _is_own(module, subject):
        return True
    target = resolve(view.project, module, subject)
    return isinstance(target, Defined) and target.name in target.module.facts.scopes[MODULE].definitions


def _is_foreign(view: View, module: Module, ref: Ref | None) -> bool:
    """Tell whether it is an object of another module of the project, and no function, class or module."""
    if isinstance(ref, CallRef) and _is_shared(view, module, ref.callee):
        return True
    start = root(ref)
    if not isinstance(start, NameRef) or start.scope != MODULE or _is_own(module, start):
        return False
    match resolve(view.project, module, _called(ref)):
        case Defined(owner, name):
            return name not in owner.facts.scopes[MODULE].definitions
        case InModule() | External():
            return False
    return isinstance(resolve(view.project, module, start), InModule | Defined)


def _is_own(module: Module, ref: Ref | None) -> bool:
    """Tell whether the chain starts from what the module binds itself."""
    start = root(ref)
    if not isinstance(start, NameRef) or start.scope != MODULE:
        return True
    bindings = module.facts.bindings.get(start.name, ())
    return start.name in _OWN_NAMES or (
        bool(bindings) and all(each.kind is not BindingKind.IMPORT for each in bindings)
    )


def _is_looped(view: View, module: Module, number: int, ref: Ref | None) -> bool:
    """`for each in (User, Order): each.table = …`: tell whether a loop goes through what others of the project made."""
    start = root(ref)
    bindings = module.facts.bindings.get(start.name, ()) if isinstance(start, NameRef) else ()
    if not any(each.kind is BindingKind.LOOP for each in bindings):
        return False
    uses = (use for uses in module.facts.uses.values() for use in uses if use.statement == number)
    named = (view.project.named(module, use) for use in uses if use.bound == MODULE and not use.deferred)
    return any(
        isinstance(each, InModule) or (isinstance(each, Defined) and each.module is not module)
        for each in named
    )


def _unaliased(view: View, module: Module, ref: Ref, depth: int = 0) -> Ref:
    """Follow the module's own other names for what others made: `router = app.router`, `app = get_app()`."""
    match ref:
        case NameRef(name, scope) if scope == MODULE and depth < _DEEPEST:
            values = module.facts.scopes[MODULE].locals.get(name, ())
            for value in (
                each for each in values if each is not None and not _is_named_after(view, module, name)
            ):
                start = _unaliased(view, module, value, depth + 1)
                if _is_foreign(view, module, start):
                    return start
                if isinstance(start, AttributeRef) and _is_foreign(view, module, start.value):
                    return start
        case AttributeRef(value=value):
            return ref._replace(value=_unaliased(view, module, value, depth))
        case ItemRef(value=value):
            return ref._replace(value=_unaliased(view, module, value, depth))
        case CallRef(callee=callee):
            return ref._replace(callee=_unaliased(view, module, callee, depth))
    return ref


def _is_named_after(view: View, module: Module, name: str) -> bool:
    """`log = getLogger(__name__)`: nobody else has what is called like the module, but for parts of a package."""
    statements = (module.facts.statements[each.statement] for each in module.facts.bindings.get(name, ()))
    is_package = module.path.name == "__init__.py"
    return not is_package and any("(__name__)" in view.text(module).cut(each.span) for each in statements)


def _is_shared(view: View, module: Module, function: Ref | None) -> bool:
    """Tell whether a function of the project gives an object that its own module keeps.

    Of others, those count that are called so: `getLogger`, `getcontext`, `get_event_loop`.
    """
    target = resolve(view.project, module, function)
    if isinstance(target, External):
        return target.name.rpartition(".")[2].startswith("get")
    if not isinstance(target, Defined) or target.module is module:
        return False
    scopes = target.module.facts.scopes
    number = scopes[MODULE].definitions.get(target.name)
    if number is None or scopes[number].kind != "function":
        return False
    kept = (isinstance(each, NameRef) and each.scope == MODULE for each in scopes[number].returns)
    return bool(scopes[number].decorators) or any(kept)


def _is_definition(module: Module, ref: Ref | None) -> bool:
    return isinstance(ref, LambdaRef) or (
        isinstance(ref, NameRef)
        and ref.scope == MODULE
        and ref.name in module.facts.scopes[MODULE].definitions
    )


def _imported_name(module: Module, number: int) -> str | None:
    """Find an imported name that the statement uses."""
    for name, uses in module.facts.uses.items():
        is_used = any(u.statement == number and u.bound == MODULE and u.role is Role.LOAD for u in uses)
        if is_used and not _is_own(module, NameRef(name, MODULE)):
            return name
    return None


def _runs_at_import(module: Module, scope: Scope) -> bool:
    """Tell whether the definition stands in the module, or in classes of it."""
    parent = scope.parent
    while parent > MODULE and module.facts.scopes[parent].kind == "class":
        parent = module.facts.scopes[parent].parent
    return parent == MODULE


def _called(ref: Ref | None) -> Ref | None:
    """Give what is called, and called again."""
    return _called(ref.callee) if isinstance(ref, CallRef) else ref


def _changes(ref: Ref | None) -> str:
    return f"does something to {_words(ref)}"


def _words(ref: Ref | None) -> str:
    """Write a chain without its arguments: `app.state.limiter()`."""
    match ref:
        case NameRef(name=name):
            return name
        case AttributeRef(value=value, name=name):
            return f"{_words(value)}.{name}"
        case CallRef(callee=callee):
            return f"{_words(callee)}()"
        case ItemRef(value=value):
            return f"{_words(value)}[…]"
    return "an object"
