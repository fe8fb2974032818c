"""What evaluating each kind of expression does and gives, but for calls, names and strings."""

import ast
from typing import Any

from lazify.index.binders import Names, target_names
from lazify.index.drafts import COMPREHENSION, Frame
from lazify.index.dynamics import note_membership
from lazify.index.formats import note_format
from lazify.index.lines import new
from lazify.index.mentions import note_string
from lazify.index.presence import found_by, is_table, present, taken_from
from lazify.index.references import is_too_deep
from lazify.index.scopes import mangle, mangle_all
from lazify.index.targets import assign, bind_name, note_item, visit_subscript
from lazify.index.walk import Walk
from lazify.model.facts import (
    SUBSCRIPTED,
    AttributeRef,
    BindingKind,
    CallRef,
    ChoiceRef,
    ItemRef,
    LiteralRef,
    Ref,
)

_STR = LiteralRef("str")
_BOOL = LiteralRef("bool")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.MatMult: "__matmul__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
    ast.BitXor: "__xor__",
    ast.LShift: "__lshift__",
    ast.RShift: "__rshift__",
}
_LONGEST = 20  # operands; what more of them give is not followed


def subscript(walk: Walk, node: Any) -> Ref | None:
    """`value[index]`, and an operation where the index is a constant string."""
    value, key = visit_subscript(walk, node)
    if key is not None or (walk.has_environment and is_table(node.value)):
        note_item(walk, node, value, key)
    if value is None or (type(node.value) is ast.Subscript and is_too_deep(value)):
        return None
    return new(ItemRef, (value, SUBSCRIPTED))  # type: ignore[no-any-return]


def binary(walk: Walk, node: Any) -> Ref | None:
    """`a + b`: a builtin type's own result, else what the left operand's method gives."""
    rights = []
    while type(node) is ast.BinOp:  # a sum of thousands must not recurse
        rights.append((_OPERATORS[type(node.op)], node.right))
        node = node.left
    ref = walk.visit(node)
    if walk.has_steps and rights[-1][0] == "__mod__":
        note_format(walk, node, rights[-1][1])
    if len(rights) > _LONGEST:
        ref = ref if ref == _STR else None
    while rights:
        method, operand = rights.pop()
        right = walk.expressions[type(operand)](walk, operand)
        ref = _operated(ref, method, right)
    return ref


def _operated(left: Ref | None, method: str, right: Ref | None) -> Ref | None:
    if type(left) is LiteralRef:
        if left == right or (left == _STR and method == "__mod__"):
            return left
        return None
    return None if left is None else CallRef(AttributeRef(left, method))


def boolean(walk: Walk, node: Any) -> Ref | None:
    """`a or b`: one of them."""
    if not walk.has_environment:
        return _choice(tuple([walk.expressions[type(value)](walk, value) for value in node.values]))
    refs, before = [], walk.present
    for value in node.values:
        refs.append(walk.visit(value))
        walk.present = walk.present | found_by(value, absent=isinstance(node.op, ast.Or))
    walk.present = before
    return _choice(tuple(refs))


def conditional(walk: Walk, node: Any) -> Ref | None:
    """`a if test else b`: one of two."""
    walk.visit(node.test)
    if not walk.has_environment:
        return _choice((walk.visit(node.body), walk.visit(node.orelse)))
    with present(walk, found_by(node.test)):
        body = walk.visit(node.body)
    with present(walk, found_by(node.test, absent=True)):
        return _choice((body, walk.visit(node.orelse)))


def _choice(options: tuple[Ref | None, ...]) -> Ref | None:
    flat: dict[Ref | None, None] = {}
    for option in options:
        flat.update(dict.fromkeys(option.options if type(option) is ChoiceRef else (option,)))
    if len(flat) > _LONGEST:
        return None
    return next(iter(flat)) if len(flat) == 1 else ChoiceRef(tuple(flat))


def unary(walk: Walk, node: Any) -> Ref | None:
    """`not a`, `-a`."""
    ref = walk.expressions[type(node.operand)](walk, node.operand)
    if type(node.op) is ast.Not:
        return _BOOL
    return ref if type(ref) is LiteralRef else None


def compare(walk: Walk, node: Any) -> Ref | None:
    """`a < b`; its result is hardly ever more than a bool."""
    expressions = walk.expressions
    if walk.has_steps:
        note_membership(walk, node)
    expressions[type(node.left)](walk, node.left)
    for operand in node.comparators:
        expressions[type(operand)](walk, operand)
    return _BOOL


def named(walk: Walk, node: Any) -> Ref | None:
    """`name := value`, which binds outside of comprehensions."""
    ref = walk.visit(node.value)
    bind_name(walk, node.target, ref, BindingKind.WALRUS)
    return ref


def display(kind: str) -> Any:
    """Give the handler of a list, set or tuple display."""
    ref = LiteralRef(kind)

    def visit(walk: Walk, node: Any) -> Ref | None:
        expressions = walk.expressions
        for element in node.elts:
            expressions[type(element)](walk, element)
        return ref

    return visit


def dictionary(walk: Walk, node: Any) -> Ref | None:
    """`{key: value}`."""
    expressions = walk.expressions
    for key, value in zip(node.keys, node.values, strict=True):
        if type(key) is ast.Constant:
            note_string(walk, key, is_key=True)
        elif key is not None:
            expressions[type(key)](walk, key)
        expressions[type(value)](walk, value)
    return LiteralRef("dict")


def inner(walk: Walk, node: Any) -> Ref | None:
    """`await a` gives what `a` gives; so does `*a`, for what matters here."""
    return walk.visit(node.value)


def starred(walk: Walk, node: Any) -> Ref | None:
    """`*a` in a display."""
    ref = walk.visit(node.value)
    return None if ref is None else ItemRef(ref)


def yielded(walk: Walk, node: Any) -> Ref | None:
    """`yield a`."""
    ref = walk.visit(node.value) if node.value else LiteralRef("None")
    _note_yield(walk, ref)
    return None


def yielded_from(walk: Walk, node: Any) -> Ref | None:
    """`yield from a`."""
    ref = walk.visit(node.value)
    _note_yield(walk, None if ref is None else ItemRef(ref))
    return None


def _note_yield(walk: Walk, ref: Ref | None) -> None:
    draft = walk.draft
    if draft.yields is None:
        draft.yields = []
    draft.yields.append(ref)
    if not walk.in_function:
        walk.contains.add("yield")


def awaited(walk: Walk, node: Any) -> Ref | None:
    """`await a`."""
    if not walk.in_function:
        walk.contains.add("await")
    return walk.visit(node.value)


def slice_(walk: Walk, node: Any) -> Ref | None:
    """`a:b:c` in a subscript."""
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            walk.visit(part)
    return None


def comprehension(kind: str, *fields: str) -> Any:
    """Give the handler of a comprehension whose elements are in `fields`."""
    ref = LiteralRef(kind)

    def visit(walk: Walk, node: Any) -> Ref | None:
        _generate(walk, node.generators, [getattr(node, field) for field in fields])
        return ref

    return visit


def _generate(walk: Walk, generators: list[ast.comprehension], elements: list[ast.expr]) -> None:
    first = walk.visit(generators[0].iter)  # in the scope around the comprehension
    names = Names()
    for generator in generators:
        names.bound.update(target_names(generator.target))
    walk.words |= names.bound
    frame = Frame(COMPREHENSION, walk.draft, walk.frame, names)
    if frame.private:
        mangle_all(names, frame.private)
        frame.bound = names.bound
    outside, before = walk.step_into(frame), walk.present
    for index, generator in enumerate(generators):
        iterated = walk.visit(generator.iter) if index else first
        _bind_variables(walk, frame, generator.target, None if iterated is None else ItemRef(iterated))
        if walk.has_environment:
            walk.present = walk.present | taken_from(generator.target, generator.iter)
        for condition in generator.ifs:
            walk.visit(condition)
            if walk.has_environment:
                walk.present = walk.present | found_by(condition)
    for element in elements:
        walk.visit(element)
    walk.step_back(outside)
    walk.present = before


def _bind_variables(walk: Walk, frame: Frame, target: ast.expr, ref: Ref | None) -> None:
    match target:
        case ast.Name(id=name):
            frame.values[mangle(name, frame.private)] = ref
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                _bind_variables(walk, frame, element, None if ref is None else ItemRef(ref))
        case ast.Starred(value=value):
            _bind_variables(walk, frame, value, LiteralRef("list"))
        case _:  # `for obj.attr in …` stores, and reads obj
            assign(walk, target, ref, BindingKind.LOOP)


def anything(walk: Walk, node: Any) -> Ref | None:
    """Read the parts of an expression that this version of lazify does not know."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            walk.visit(child)
    return None
