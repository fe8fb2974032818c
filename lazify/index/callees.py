"""What a call runs: the code behind each value that is called, or what the knowledge base says of it."""

from collections.abc import Iterator

from lazify.index import wording
from lazify.index.abstract import (
    Anything,
    Class,
    Data,
    Function,
    Given,
    Instance,
    Made,
    OfModule,
    Outside,
    Shared,
    Super,
    Unknown,
    Value,
    Values,
    sort_key,
)
from lazify.index.classes import Base
from lazify.index.codes import Code
from lazify.index.sites import Site, unseen
from lazify.index.state import CHANGES_FIRST_ARGUMENT
from lazify.index.steps import Edge, Hop, Leaf, Run
from lazify.index.values import Evaluator
from lazify.model.effects import EffectKind
from lazify.model.facts import Argument, AttributeRef, CallRef, Does, Ref
from lazify.model.places import Span

HARMLESS_METHODS = frozenset(
    """
    append appendleft add extend insert remove discard pop popitem popleft setdefault update clear copy get
    items keys values index count sort reverse union intersection difference issubset issuperset
    split rsplit splitlines strip lstrip rstrip removeprefix removesuffix format format_map join lower upper
    title capitalize casefold swapcase replace encode decode startswith endswith find rfind rindex partition
    rpartition zfill ljust rjust center expandtabs translate isdigit isalpha isalnum isupper islower isspace
    isidentifier isnumeric isdecimal hex to_bytes bit_length as_integer_ratio is_integer conjugate
    """.split()
)
"""Methods of builtin types: of an object that nothing is known of, they are taken to be just that."""

_NO_CODE = ("types.GeneratorType.",)
_AFTER_INIT = ("__post_init__", "__attrs_post_init__", "model_post_init")
_FACTORIES = frozenset({"default_factory", "factory"})

Hops = tuple[Hop, ...]
Steps = Iterator[Leaf | Edge]


class Callees:
    """Finds what calls run."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Evaluate arguments with `evaluator`."""
        self._evaluator = evaluator

    def of(self, values: Values, site: Site, hops: Hops, subject: Ref | None) -> Steps:
        """What calling any of `values`, written as `subject`, runs."""
        known = sorted((value for value in values if not isinstance(value, Shared)), key=sort_key)
        for value in known:
            yield from self._one(value, site, hops, subject)
        if not known:
            yield from _unknown(subject, hops)

    def method(self, value: Instance | Class, name: str, site: Site, hops: Hops) -> Steps:
        """What calling a special method of a value runs."""
        order = self._evaluator.classes.order(value.code)
        yield from self._methods(order, name, frozenset({value}), site, hops)

    def defining(self, code: Code, hops: Hops) -> Steps:
        """What defining a class runs beside its body: hooks of its bases, its metaclass and its attributes."""
        order = self._evaluator.classes.order(code)
        of_class: Values = frozenset({Class(code)})
        yield from self._methods(order[1:], "__init_subclass__", of_class, unseen(code), hops)
        metaclass = self._evaluator.classes.metaclass(code)
        if isinstance(metaclass, Code):
            meta_order = self._evaluator.classes.order(metaclass)
            for name in ("__prepare__", "__new__", "__init__"):
                receiver: Values = frozenset({Class(metaclass)}) if name != "__init__" else of_class
                yield from self._methods(meta_order, name, receiver, unseen(code), hops)
        yield from self._named_attributes(code, hops)
        for base in order:
            fact = self._evaluator.knowledge.fact(base) if isinstance(base, str) else None
            for kind in fact.subclassing if fact is not None else ():
                yield Leaf((kind, str(base)), hops, fact)

    def changes_owner(self, methods: Values, is_mutator: bool) -> bool:  # noqa: FBT001 - of the method's name
        """Tell whether calling one of `methods`, none of which is read here, changes what it is called on."""
        if any(isinstance(value, Function) for value in methods):
            return False
        facts = [self._evaluator.knowledge.fact(v.name) for v in methods if isinstance(v, Outside)]
        known = [fact for fact in facts if fact is not None and fact.rule == fact.name]
        return any(fact.mutates for fact in known) if known else is_mutator

    def by_fact(self, name: str, hops: Hops, callee: str, arguments: tuple[Argument, ...]) -> Iterator[Leaf]:
        """The effects that the knowledge base knows of; nothing of what it does not know."""
        fact = self._evaluator.knowledge.fact(name)
        for kind in fact.applies(arguments) if fact is not None else ():
            yield Leaf((kind, callee), hops, fact)

    def _one(self, value: Value, site: Site, hops: Hops, subject: Ref | None) -> Steps:
        match value:
            case Function():
                yield from self._function(value, site, hops)
            case Class(code):
                yield from self._construct(code, site, hops)
            case Instance(code):
                found = list(self.method(value, "__call__", site, hops))
                yield from found or _unknown(subject, hops)
            case Outside(name):
                yield from self._outside(name, site, hops)
            case Made(name):
                yield from self._outside(f"{name}.__call__", site, hops)
            case Unknown() | Anything() | Given() | Super():
                yield from _unknown(subject, hops)
            case _:  # modules, iterators and data cannot be called
                return

    def _function(self, function: Function, site: Site, hops: Hops) -> Iterator[Leaf | Edge]:
        code = function.code
        if code.is_abstract:
            yield Leaf((EffectKind.UNKNOWN, code.qualified), hops)
        yield Edge(Run(code, self._evaluator.calling.bind(function, site)), hops)

    def _methods(self, order: tuple[Base, ...], name: str, receiver: Values, site: Site, hops: Hops) -> Steps:
        members = self._evaluator.members
        for method in members.methods(order, name):
            hop = Hop(method, _head(method), name)
            for value in sorted(members.bound(method, receiver), key=sort_key):
                if isinstance(value, Function):
                    yield from self._function(value, site, (*hops, hop))

    def _construct(self, code: Code, site: Site, hops: Hops) -> Steps:
        order = self._evaluator.classes.order(code)
        metaclass = self._evaluator.classes.metaclass(code)
        if isinstance(metaclass, Code):
            meta_order = self._evaluator.classes.order(metaclass)
            yield from self._methods(meta_order, "__call__", frozenset({Class(code)}), site, hops)
        instance: Values = frozenset({Instance(code)})
        yield from self._methods(order, "__new__", frozenset({Class(code)}), site, hops)
        yield from self._methods(order, "__init__", instance, site, hops)
        for name in _AFTER_INIT:
            yield from self._methods(order, name, instance, unseen(code), hops)
        for base in order:
            if isinstance(base, Code):
                yield from self._factories(base, hops)
            else:
                yield from self._outside_base(code, base, site, hops)

    def _factories(self, code: Code, hops: Hops) -> Steps:
        """`x: list = field(default_factory=make)` calls `make` for each instance."""
        for operation in code.scope.operations:
            if operation.does is Does.CALL:
                for argument in operation.arguments:
                    if argument.keyword in _FACTORIES:
                        values = self._evaluator.calling.settled(self._evaluator.evaluate(argument.ref, code))
                        hop = Hop(code, argument.span, None, argument.ref)
                        yield from self.of(values, unseen(code), (*hops, hop), argument.ref)

    def _outside_base(self, code: Code, base: str | None, site: Site, hops: Hops) -> Iterator[Leaf]:
        fact = None if base is None else self._evaluator.knowledge.fact(base)
        if fact is None:
            yield Leaf((EffectKind.UNKNOWN, base or code.qualified), hops)
        elif not fact.needs_fields or any(map(_declares_field, self._evaluator.classes.own(code))):
            for kind in fact.applies(site.arguments):
                yield Leaf((kind, str(base)), hops, fact)

    def _named_attributes(self, code: Code, hops: Hops) -> Steps:
        for name in code.scope.locals:
            for value in sorted(self._evaluator.name(code, name), key=sort_key):
                if isinstance(value, Instance):
                    yield from self.method(value, "__set_name__", unseen(code), hops)

    def _outside(self, name: str, site: Site, hops: Hops) -> Steps:
        fact = self._evaluator.knowledge.fact(name)
        if name in CHANGES_FIRST_ARGUMENT:
            yield from self._first_changes(name, site, hops)
        elif fact is not None:
            yield from self.by_fact(name, hops, name, site.arguments)
            for argument in fact.called(site.arguments):
                values = self._evaluator.calling.settled(self._evaluator.calling.argument(argument.ref, site))
                hop = Hop(site.code, argument.span, None, argument.ref)
                yield from self.of(values, unseen(site.code), (*hops, hop), argument.ref)
        elif not name.startswith(_NO_CODE) and not _is_harmless_result(name):
            yield Leaf((EffectKind.UNKNOWN, name), hops)

    def _first_changes(self, name: str, site: Site, hops: Hops) -> Iterator[Leaf]:
        for value in sorted(self._evaluator.calling.positional(site, 0), key=sort_key):
            match value:
                case Shared():
                    yield Leaf((EffectKind.STATE, value.qualified), hops)
                case Class(code) if name != "builtins.next":
                    yield Leaf((EffectKind.STATE, code.qualified), hops)
                case OfModule(module) if name != "builtins.next":
                    yield Leaf((EffectKind.STATE, module.name), hops)
                case _:
                    pass


def _unknown(subject: Ref | None, hops: Hops) -> Iterator[Leaf]:
    if not (isinstance(subject, AttributeRef) and subject.name in HARMLESS_METHODS):
        yield Leaf((EffectKind.UNKNOWN, wording.expression(subject)), hops)


def _is_harmless_result(name: str) -> bool:
    """`unknown().get` is a method of an object that nothing is known of."""
    owner, _, method = name.rpartition(".")
    return owner.endswith(("()", "[]")) and method in HARMLESS_METHODS


def _declares_field(code: Code) -> bool:
    """`x: str` in a class body, without a value: all that is known of it is the annotation's class."""
    return any(
        len(refs) == 1 and isinstance(refs[0], CallRef) and refs[0].callee not in code.calls
        for refs in code.scope.locals.values()
    )


def _head(code: Code) -> Span:
    line, column, _, _ = code.scope.span
    return Span(line, column, line, column)
