"""What a call runs: the code behind each value that is called, or what the knowledge base says of it."""

from collections.abc import Iterable, Iterator

from lazify.index import wording
from lazify.index.abstract import (
    NOTHING,
    Anything,
    Bindings,
    Class,
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
    marks,
)
from lazify.index.closures import Closure, closures
from lazify.index.codes import Code
from lazify.index.declared import FACTORIES
from lazify.index.needs import Needs
from lazify.index.ordering import in_order
from lazify.index.outside import WRAPS
from lazify.index.sites import Site, unseen
from lazify.index.state import CHANGES_FIRST_ARGUMENT
from lazify.index.steps import Edge, Hop, Leaf, Runs
from lazify.index.values import Evaluator
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, Argument, AttributeRef, CallRef, Does, NameRef, Ref
from lazify.model.places import Span

HARMLESS_METHODS = frozenset(
    {
        "append", "appendleft", "add", "extend", "insert", "remove", "discard", "pop", "popitem", "popleft",
        "setdefault", "update", "clear", "copy", "get", "items", "keys", "values", "index", "count", "sort",
        "reverse", "union", "intersection", "difference", "issubset", "issuperset", "split", "rsplit",
        "splitlines", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "format", "format_map",
        "join", "lower", "upper", "title", "capitalize", "casefold", "swapcase", "replace", "encode",
        "decode", "startswith", "endswith", "find", "rfind", "rindex", "partition", "rpartition", "zfill",
        "ljust", "rjust", "center", "expandtabs", "translate", "isdigit", "isalpha", "isalnum", "isupper",
        "islower", "isspace", "isidentifier", "isnumeric", "isdecimal", "hex", "to_bytes", "bit_length",
        "as_integer_ratio", "is_integer", "conjugate",
    }
)  # fmt: skip
"""Methods of builtin types: of an object that nothing is known of, they are taken to be just that."""

_NO_CODE = ("types.GeneratorType.", WRAPS)
_AFTER_INIT = ("__post_init__", "__attrs_post_init__", "model_post_init")
_IMPORTERS = frozenset({"importlib.import_module", "builtins.__import__"})

Hops = tuple[Hop, ...]
Steps = Iterator[Leaf | Edge]


class Callees:
    """Finds what calls run."""

    def __init__(self, evaluator: Evaluator, runs: Runs, needs: Needs) -> None:
        """Evaluate arguments with `evaluator`."""
        self._evaluator = evaluator
        self._runs = runs
        self._needs = needs
        self._heads: dict[Code, Hop] = {}
        self._made_by: dict[Code, list[Argument]] = {}

    def of(self, values: Values, site: Site, hops: Hops, subject: Ref | None) -> Steps:
        """What calling any of `values`, written as `subject`, runs."""
        known = in_order([value for value in values if not isinstance(value, Shared)])
        yield from self._functions((value for value in known if isinstance(value, Function)), site, hops)
        for value in known:
            yield from self._one(value, site, hops, subject)
        if not known:
            yield from _unknown(subject, hops)

    def method(self, value: Instance | Class, name: str, site: Site, hops: Hops) -> Steps:
        """What calling a special method of a value runs."""
        yield from self.methods(self._evaluator.members.methods(value.code, name), value, site, hops)

    def methods(self, methods: Iterable[Code], receiver: Instance | Class, site: Site, hops: Hops) -> Steps:
        """What calling those methods of an instance (or class) runs."""
        for method in methods:
            hop = self._head(method)
            values = in_order(self._evaluator.members.bound(method, receiver))
            yield from self._functions((v for v in values if isinstance(v, Function)), site, (*hops, hop))

    def defining(self, code: Code, hops: Hops) -> Steps:
        """What defining a class runs beside its body: hooks of its bases, its metaclass and its attributes."""
        order = self._evaluator.classes.order(code)
        of_class = Class(code)
        hooks = self._evaluator.members.methods(code, "__init_subclass__", code)
        yield from self.methods(hooks, of_class, unseen(code), hops)
        metaclass = self._evaluator.classes.metaclass(code)
        if isinstance(metaclass, Code):
            for name in ("__prepare__", "__new__", "__init__"):
                receiver = Class(metaclass) if name != "__init__" else of_class
                methods = self._evaluator.members.methods(metaclass, name)
                yield from self.methods(methods, receiver, unseen(code), hops)
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
            case Class(code):
                yield from self._construct(code, site, hops)
            case Instance(code):
                found = list(self.method(value, "__call__", site, hops))
                yield from found or _unknown(subject, hops)
            case Outside(name):
                yield from self._outside(name, site, hops)
            case Made(name):
                written = self._evaluator.unlisted.instance(value, "__call__", NOTHING)
                steps = () if written is None else tuple(self.method(written, "__call__", site, hops))
                yield from steps or self._outside(f"{name}.__call__", site, hops)
            case Unknown() | Anything() | Given() | Super():
                yield from _unknown(subject, hops)
            case _:  # functions are done; modules, iterators and data cannot be called
                return

    def _functions(self, functions: Iterable[Function], site: Site, hops: Hops) -> Iterator[Leaf | Edge]:
        for closure in closures(functions):
            code = closure.code
            if code.is_abstract:
                yield Leaf((EffectKind.UNKNOWN, code.qualified), hops)
            yield Edge(self._runs.of(code, self._bindings(closure, site)), hops)

    def _bindings(self, closure: Closure, site: Site) -> Bindings:
        """What is known of the parameters that matter, unless it is what would be assumed anyway."""
        known = self._evaluator.calling.bind(closure, site, self._needs.of(closure.code))
        default = self._evaluator.closures.default
        return frozenset(each for each in known.items() if each[1] != default(each[0]))

    def _construct(self, code: Code, site: Site, hops: Hops) -> Steps:
        find = self._evaluator.members.methods
        metaclass = self._evaluator.classes.metaclass(code)
        if isinstance(metaclass, Code):
            yield from self.methods(find(metaclass, "__call__"), Class(code), site, hops)
        elif metaclass != "builtins.type" and (
            metaclass is None or self._evaluator.knowledge.fact(metaclass) is None
        ):
            yield Leaf((EffectKind.UNKNOWN, metaclass or code.qualified), hops)
        yield from self.method(Class(code), "__new__", site, hops)
        yield from self.method(Instance(code), "__init__", site, hops)
        for name in _AFTER_INIT:
            yield from self.method(Instance(code), name, unseen(code), hops)
        for base in self._evaluator.classes.order(code):
            if isinstance(base, Code):
                yield from self._factories(base, hops)
            else:
                yield from self._outside_base(code, base, site, hops)

    def _factories(self, code: Code, hops: Hops) -> Steps:
        """`x: list = field(default_factory=make)` calls `make` for each instance."""
        if code not in self._made_by:
            given = (o.arguments for o in code.scope.operations if o.does is Does.CALL)
            self._made_by[code] = [each for all_of in given for each in all_of if each.keyword in FACTORIES]
        for argument in self._made_by[code]:
            values = self._evaluator.closures.settled(self._evaluator.evaluate(argument.ref, code))
            hop = Hop(code, argument.span, None, argument.ref)
            yield from self.of(values, unseen(code), (*hops, hop), argument.ref)

    def _outside_base(self, code: Code, base: str | None, site: Site, hops: Hops) -> Iterator[Leaf]:
        fact = None if base is None else self._evaluator.knowledge.fact(base)
        if fact is None:
            yield Leaf((EffectKind.UNKNOWN, base or code.qualified), hops)
        else:
            own = self._evaluator.classes.own(code)
            arguments = (*site.arguments, *(each for of in own for each in _configured(of)))
            left = fact.effects if fact.needs_fields and not any(map(_declares_field, own)) else ()
            for kind in fact.applies(arguments if fact.cases else site.arguments):
                if kind not in left:
                    yield Leaf((kind, str(base)), hops, fact)

    def _named_attributes(self, code: Code, hops: Hops) -> Steps:
        for name in code.scope.locals:
            for value in in_order(self._evaluator.name(code, name)):
                if isinstance(value, Instance):
                    yield from self.method(value, "__set_name__", unseen(code), hops)

    def _outside(self, name: str, site: Site, hops: Hops) -> Steps:
        fact = self._evaluator.knowledge.fact(name)
        if name in CHANGES_FIRST_ARGUMENT:
            yield from self._first_changes(name, site, hops)
        elif name in _IMPORTERS and (module := self._imported(site)) is not None:
            yield Edge(self._runs.of(module), hops)
        elif fact is not None:
            words = self._words(site) if fact.looks_at_words else frozenset()
            for kind in fact.applies(site.arguments, words):
                yield Leaf((kind, name), hops, fact)
            for argument in (
                fact.called(site.arguments) if name != "builtins.iter" or site.arguments[1:] else ()
            ):
                values = self._evaluator.closures.settled(self._evaluator.calling.argument(argument, site))
                hop = Hop(site.code, argument.span, None, argument.ref)
                yield from self.of(values, unseen(site.code), (*hops, hop), argument.ref)
        elif not name.startswith(_NO_CODE) and not _is_harmless_result(name):
            yield Leaf((EffectKind.UNKNOWN, name.removesuffix(".__init__")), hops)

    def _words(self, site: Site) -> frozenset[str]:
        """What the modules name in which the call stands, and in which what it is given is bound."""
        given = (self._evaluator.calling.argument(argument, site) for argument in site.arguments)
        modules = {mark.module for values in given for mark in marks(values)}
        return site.code.module.facts.words.union(*(module.facts.words for module in modules))

    def _head(self, method: Code) -> Hop:
        """The step into a method that nothing in the source names."""
        if method not in self._heads:
            line, column, _, _ = method.scope.span
            self._heads[method] = Hop(method, Span(line, column, line, column), method.name)
        return self._heads[method]

    def _imported(self, site: Site) -> Code | None:
        """`import_module("app.plugins")`: the body of that module, if it is one of the project."""
        name = site.arguments[0].constant if site.arguments else None
        found = (
            self._evaluator.project.find(name, seen_from=site.code.module) if isinstance(name, str) else None
        )
        return self._evaluator.codes.of(found[0], MODULE) if found is not None and not found[1] else None

    def _first_changes(self, name: str, site: Site, hops: Hops) -> Iterator[Leaf]:
        values = self._evaluator.closures.settled(self._evaluator.calling.positional(site, 0))
        names = {mark.qualified for mark in marks(values)}
        if name != "builtins.next":
            names |= {v.code.qualified for v in values if isinstance(v, Class)}
            names |= {v.module.name for v in values if isinstance(v, OfModule)}
        for changed in sorted(names):
            yield Leaf((EffectKind.STATE, changed), hops)


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


def _configured(code: Code) -> Iterator[Argument]:
    """What the class gives its own settings: `model_config = SettingsConfigDict(env_file=".env")` as `_env_file`."""
    for operation in code.scope.operations:
        is_named = operation.does is Does.CALL and isinstance(operation.subject, NameRef | AttributeRef)
        if is_named and wording.expression(operation.subject).endswith("ConfigDict"):
            yield from (each._replace(keyword=f"_{each.keyword}") for each in operation.arguments)
    for child in code.children.get("Config", ()):
        for name, refs in child.scope.locals.items():
            yield Argument(f"_{name}", refs[-1], None, child.scope.span)
