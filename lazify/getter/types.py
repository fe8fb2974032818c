"""What type a value has, written as its own module would write it, and whether it may be None."""

import ast

from lazify.getter.groups import Group
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, BindingKind, CallRef, ItemRef, LiteralRef, NameRef, Ref

_NOT_A_TYPE = frozenset({"Final", "ClassVar", "TypeAlias"})
_PLAIN_TYPES = frozenset({"str", "bytes", "int", "float", "bool"})
_BUILTIN_CLASSES = frozenset(
    {
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "bytearray",
        "bool",
        "list",
        "dict",
        "set",
        "frozenset",
        "tuple",
    }
)


def is_class(view: View, module: Module, callee: Ref | None) -> bool:
    """Tell whether the callee is a class, so that a call gives an instance of it and never None."""
    match resolve(view.project, module, callee):
        case Defined(where, name):
            scopes = where.facts.scopes
            number = scopes[MODULE].definitions.get(name)
            # `__new__` and the metaclass's `__call__` may give anything, None included.
            is_plain = number is not None and "__new__" not in scopes[number].definitions
            return (
                number is not None
                and is_plain
                and scopes[number].kind == "class"
                and not scopes[number].metaclass
            )
        case External(name):
            fact = view.knowledge.fact(name)
            known = None if fact is None else fact.is_class
            return name.rpartition(".")[2][:1].isupper() if known is None else known
        case Builtin(name):
            return name in _BUILTIN_CLASSES
        case _:
            return False


def type_text(view: View, group: Group) -> str | None:
    """Return the value's type from its annotation or from the class called; None where neither tells."""
    for number in group.statements:
        statement = group.module.facts.statements[number]
        if statement.annotation_span is not None and statement.binds[:1] == group.names[:1]:
            if statement.annotation_names & set(group.names):
                return None
            text = view.text(group.module).cut(statement.annotation_span)
            return _quotable(_unquoted(_without_final(text))) or _class_called(view, group)
    return _class_called(view, group)


def may_be_none(view: View, group: Group) -> bool:
    """Tell whether None is among the values that the statements can give."""
    return any(not _is_never_none(view, group, value) for value in _values(group))


def _without_final(annotation: str) -> str | None:
    head, _, inner = annotation.partition("[")
    if head.rpartition(".")[2] not in _NOT_A_TYPE:
        return annotation
    return inner.removesuffix("]") or None


def _unquoted(annotation: str | None) -> str | None:
    """A quoted annotation may name what does not exist at import: it is left out."""
    return None if annotation and annotation[0] in "\"'" else annotation


def _quotable(annotation: str | None) -> str | None:
    """Write an annotation on one line without double quotes, as it can stand in a string; None where it cannot."""
    if annotation is None or not {"\n", "\r", '"'} & set(annotation):
        return annotation
    try:
        text = ast.unparse(ast.parse(f"({annotation})", mode="eval"))
    except SyntaxError:
        return None
    return None if {'"', "\\"} & set(text) else text


def _class_called(view: View, group: Group) -> str | None:
    """Return the text of the one class that every value but None is an instance of."""
    texts = {_class_text(view, group, value) for value in _values(group) if value != LiteralRef("None")}
    return texts.pop() if len(texts) == 1 else None


def _class_text(view: View, group: Group, value: Ref | None) -> str | None:
    module = group.module
    match value:
        case CallRef(callee) if is_class(view, module, callee) and not _is_rebound_class(group, callee):
            return _written(callee)
        case CallRef() | LiteralRef() if (name := _plain_type(view, group, value)) is not None:
            return name
        case ItemRef(container) if resolve(view.project, module, container) == External("os.environ"):
            return "str" if view.project.lookup(module, "str") == Builtin("str") else None
        case _:
            return None


def _is_rebound_class(group: Group, callee: Ref) -> bool:
    """Tell whether the class's name is bound only after the getter, or not by a plain import or definition."""
    while isinstance(callee, AttributeRef):
        callee = callee.value
    bindings = group.module.facts.bindings.get(callee.name, ()) if isinstance(callee, NameRef) else ()
    kinds = {BindingKind.IMPORT, BindingKind.CLASS}
    return any(b.kind not in kinds or b.statement >= group.statements[0] or b.is_typing for b in bindings)


def _is_never_none(view: View, group: Group, value: Ref | None) -> bool:
    match value:
        case ItemRef(container):
            return resolve(view.project, group.module, container) == External("os.environ")
        case LiteralRef(kind):
            return kind != "None"
        case CallRef(callee):
            if is_class(view, group.module, callee) or _gives_instances(view, group.module, callee):
                return True
            if _plain_type(view, group, value):
                return True
            # Operators and methods of known classes: `Path(a) / b`.
            return isinstance(view.effects.class_of(group.module, value, MODULE), External)
        case _:
            return False


def _plain_type(view: View, group: Group, value: Ref) -> str | None:
    """Tell texts, numbers and truth values by the functions and methods that give them."""
    if isinstance(value, LiteralRef):
        name = value.type
    else:
        target = view.effects.class_of(group.module, value, MODULE)
        name = target.name if isinstance(target, Builtin) else ""
    is_own = view.project.lookup(group.module, name) == Builtin(name)
    return name if name in _PLAIN_TYPES and is_own else None


def _gives_instances(view: View, module: Module, callee: Ref | None) -> bool:
    """Tell whether a function outside the project always gives an instance of one class: `sqlite3.connect`."""
    target = resolve(view.project, module, callee)
    name = (
        target.name
        if isinstance(target, External)
        else f"builtins.{target.name}"
        if isinstance(target, Builtin)
        else ""
    )
    fact = view.knowledge.fact(name) if name else None
    return fact is not None and fact.returns is not None and not fact.returns.startswith("builtins.")


def _values(group: Group) -> tuple[Ref | None, ...]:
    if group.is_single_assignment:
        return (group.first.value,)
    return group.module.facts.scopes[MODULE].locals.get(group.names[0], (None,))


def _written(ref: Ref | None) -> str | None:
    match ref:
        case NameRef(name, _):
            return name
        case AttributeRef(value, name) if (owner := _written(value)) is not None:
            return f"{owner}.{name}"
        case _:
            return None
