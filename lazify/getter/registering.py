"""Objects that hand themselves on while they are made: whoever gets them would not know them before first use.

class Audit:
    def __init__(self):
        saved.connect(self.on_saved)       a signal calls it from now on
        bus.subscribe("orders", self)      and so does a bus
"""

import ast
import re
from collections.abc import Iterator

from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import reached_scopes
from lazify.getter.groups import Group, root
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, Argument, AttributeRef, CallRef, Does, NameRef, Operation, Ref, Scope
from lazify.statements import parse

_HANDED = "making it hands it on to others, who may call it"
_REGISTERS = re.compile(
    r"(?:add|attach|bind|connect|hook|listen|observe|on|register|subscribe|watch)(?:_|$|er$)"
)
_TOLD = ("__init_subclass__", "__set_name__")
_MAKES_CLASSES = frozenset({"dataclasses.make_dataclass", "types.new_class"})
_OF_TYPE = 3
"""Arguments of `type` where it makes a class."""
_WORDS = re.compile(r"\w+")


def registering_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what making gives an object of the project to code that nobody has read, and that may keep it."""
    yield from _class_made(view, group)
    for module, number in reached_scopes(view, group):
        for operation in module.facts.scopes[number].operations:
            if operation.does is Does.CALL and _hands_on(view, module, number, operation):
                yield problem(_HANDED, module, operation.span)
        for inner in module.facts.scopes[number].definitions.values():
            scope = module.facts.scopes[inner]
            is_taken = any(_is_registrar(view, module, each) for each in scope.decorators)
            if is_taken and _holds(view, module, number, _definition(view, module, inner)):
                yield problem(_HANDED, module, scope.span)


def _class_made(view: View, group: Group) -> Iterator[Problem]:
    """`type("A", (Base,), {"x": Field()})` tells the bases of the class, and its attributes, of it."""
    told = [word for word in _TOLD if view.project.mentioning(word)]
    own = (group.module, MODULE)
    for module, number in (own, *reached_scopes(view, group)) if told else ():
        for operation in module.facts.scopes[number].operations:
            is_made = (module, number) != own or operation.statement in group.statements
            if is_made and operation.does is Does.CALL and _makes_class(view, module, operation):
                yield problem(
                    f"making it makes a class, of which a {told[0]} may be told", module, operation.span
                )


def _makes_class(view: View, module: Module, call: Operation) -> bool:
    target = resolve(view.project, module, call.subject)
    is_type = target == Builtin("type") and len(call.arguments) >= _OF_TYPE
    return is_type or (isinstance(target, External) and target.name in _MAKES_CLASSES)


def _hands_on(view: View, module: Module, number: int, operation: Operation) -> bool:
    """Tell whether a call may keep what is of the project, or by its name keeps what it gets."""
    registers, dropped = _registers(operation.subject), _is_dropped(view, module, operation)
    if not (registers or dropped) or not _may_keep(view, module, number, operation):
        return False
    return any(
        _holds_own(view, module, number, argument)
        or (registers and _is_kept(view, module, argument.ref, number, dropped=dropped))
        for argument in operation.arguments
    )


def _is_kept(view: View, module: Module, ref: Ref | None, number: int, *, dropped: bool) -> bool:
    """Tell whether a function that keeps what it gets is given code of the project, or something made here."""
    owner, scope = root(ref), module.facts.scopes[number]
    if dropped and isinstance(owner, NameRef) and owner.scope != MODULE and not isinstance(ref, CallRef):
        is_object = isinstance(ref, AttributeRef) and owner.name in {p.name for p in scope.parameters[:1]}
        return is_object or owner.name in scope.locals
    found = resolve(view.project, module, ref) if isinstance(ref, NameRef | AttributeRef) else None
    return isinstance(found, Defined) and found.name in found.module.facts.scopes[MODULE].definitions


def _registers(ref: Ref | None) -> bool:
    """Tell whether the name of a function says that it keeps what it gets, whatever it gives for that."""
    return isinstance(ref, NameRef | AttributeRef) and _REGISTERS.match(ref.name) is not None


def _is_registrar(view: View, module: Module, decorator: Ref | None) -> bool:
    """`@bus.on("orders")`"""
    called = decorator.callee if isinstance(decorator, CallRef) else decorator
    owner = root(called)
    is_foreign = isinstance(owner, NameRef) and isinstance(resolve(view.project, module, owner), External)
    return is_foreign and _registers(called)


def _is_dropped(view: View, module: Module, operation: Operation) -> bool:
    """Tell whether the call is a statement of its own: what it gives is not what it is made for."""
    text, span = view.text(module), operation.span
    before = text.line(span.line)[: span.column].strip().removesuffix("await").strip()
    after = text.line(span.end_line)[span.end_column :].partition("#")[0].strip()
    return before[-1:] in ("", ":", ";") and after[:1] in ("", ";")


def _may_keep(view: View, module: Module, number: int, operation: Operation) -> bool:
    """Tell whether it is a function of a package, or the method of an object that is not made here."""
    if not isinstance(operation.subject, NameRef | AttributeRef):
        return False
    target = resolve(view.project, module, operation.subject)
    if isinstance(target, External):
        fact = view.knowledge.fact(target.name)
        return fact is None or fact.mutates or not fact.is_harmless
    owner = root(operation.subject)
    if not isinstance(operation.subject, AttributeRef) or not isinstance(owner, NameRef):
        return False
    if isinstance(resolve(view.project, module, owner), External):  # `somebus.instance().subscribe(self)`
        return _is_unread(view, module, number, operation.subject)
    if owner.scope != MODULE:
        return owner.name in {each.name for each in module.facts.scopes[number].parameters[1:]}
    is_defined = isinstance(view.project.lookup(module, owner.name), Defined)
    return is_defined and _is_unread(view, module, number, operation.subject)


def _is_unread(view: View, module: Module, number: int, method: AttributeRef) -> bool:
    """Tell whether it is the method of a class that is neither the project's nor known to keep nothing."""
    kind = view.effects.class_of(module, method.value, number)
    if isinstance(kind, Defined):
        return False  # what lazify has read
    fact = view.knowledge.fact(f"{kind.name}.{method.name}") if isinstance(kind, External) else None
    return fact is None or fact.mutates or not fact.is_harmless


def _holds_own(view: View, module: Module, number: int, argument: Argument) -> bool:
    """Tell whether such an object is in what is given: `[self]`, `lambda event: self.heard(event)`, `wrap(self)`."""
    if argument.ref is not None and _is_own(view, module, number, argument.ref):
        return True
    scope, text = module.facts.scopes[number], view.text(module)
    code = text.cut(argument.span)
    trees = [f"[\n{code.lstrip('*')}\n]"]
    trees += (_definition(view, module, inner) for name, inner in scope.definitions.items() if name == code)
    return any(_holds(view, module, number, tree) for tree in trees)


def _holds(view: View, module: Module, number: int, code: str) -> bool:
    scope = module.facts.scopes[number]
    if _variables(scope).isdisjoint(_WORDS.findall(code)):
        return False
    return any(_is_own(view, module, number, ref) for ref in _handed(parse(code), scope, number))


def _definition(view: View, module: Module, number: int) -> str:
    """The code of a function inside another, with its indentation."""
    span = module.facts.scopes[number].span
    return f"if True:\n{view.text(module).lines(span.line, span.end_line)}"


def _handed(node: ast.AST, scope: Scope, number: int, *, is_later: bool = False) -> Iterator[Ref]:
    """Yield the variables of a scope, and their attributes, that an expression hands on as they are."""
    match node:
        case ast.JoinedStr() | ast.Call(func=ast.Name(id="id" | "len" | "repr" | "str" | "type")):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name())) if not is_later:
            inside: list[ast.AST] = [*node.args, *node.keywords]
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in _variables(scope):
            yield AttributeRef(NameRef(name, number), attribute)
            return
        case ast.Name(id=name) if name in _variables(scope):
            yield NameRef(name, number)
            return
        case _:
            inside = [*ast.iter_child_nodes(node)]
    is_later = is_later or isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef)
    for each in inside:
        yield from _handed(each, scope, number, is_later=is_later)


def _variables(scope: Scope) -> set[str]:
    return {*scope.locals, *(each.name for each in scope.parameters)}


def _is_own(view: View, module: Module, number: int, ref: Ref | None) -> bool:
    """Tell whether it is an object of a class of the project, or a method of one."""
    if isinstance(ref, AttributeRef):
        kind = view.effects.class_of(module, ref.value, number)
        return isinstance(kind, Defined) and any(ref.name in _body(each) for each in with_bases(view, kind))
    return isinstance(ref, NameRef) and isinstance(view.effects.class_of(module, ref, number), Defined)


def _body(cls: Defined) -> frozenset[str]:
    facts = cls.module.facts
    number = facts.scopes[MODULE].definitions.get(cls.name)
    return frozenset() if number is None else frozenset(facts.scopes[number].definitions)
