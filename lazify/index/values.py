"""Evaluates expressions to everything they may be, across modules, without running anything."""

from collections.abc import Iterator

from lazify.index.abstract import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Bindings,
    Class,
    Data,
    Function,
    Given,
    Instance,
    Made,
    OfFolder,
    OfModule,
    Outside,
    Shared,
    Value,
    Values,
    marked,
    union,
)
from lazify.index.calling import Calling
from lazify.index.classes import Classes
from lazify.index.closures import Closures
from lazify.index.codes import Code, Codes, has_call
from lazify.index.fixpoint import Fixpoint
from lazify.index.members import Members
from lazify.index.modules import Folder, Module
from lazify.index.outside import Outsiders
from lazify.index.project import Builtin, Defined, External, InModule, Project, Target
from lazify.index.sites import Hint, Site, unseen
from lazify.index.unlisted import Unlisted
from lazify.knowledge import Knowledge
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    BindingKind,
    CallRef,
    ChoiceRef,
    EnterRef,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Operation,
    Ref,
    SuperRef,
)
from lazify.model.places import Span

DEEPEST_EXPRESSION = 60
TYPING_MODULES = ("typing.", "typing_extensions.", "collections.abc.", "types.")
_MODULE_TEXTS = frozenset({"__file__", "__name__", "__doc__", "__package__", "__path__"})
_DEFINITIONS = frozenset({BindingKind.FUNCTION, BindingKind.CLASS})
_NO_VARIABLE = _DEFINITIONS | {BindingKind.IMPORT, BindingKind.TYPE, BindingKind.DELETE}


_DECLINED: Values = frozenset({Outside("builtins.NotImplemented")})

Key = tuple[str, Code, str | Bindings | tuple[Ref, Hint]]
"""What is worked out together: names, attributes, what functions return, what calls give."""


class Evaluator:
    """Tells what expressions may be."""

    def __init__(self, project: Project, knowledge: Knowledge) -> None:
        """Evaluate code of `project`; `knowledge` tells what other code gives."""
        self.project = project
        self.knowledge = knowledge
        self.codes = Codes()
        self.classes = Classes(project, self.codes)
        self.members = Members(self)
        self.closures = Closures(self)
        self.calling = Calling(self)
        self.outside = Outsiders(self)
        self.unlisted = Unlisted(self, project)
        self._final: dict[tuple[int, Code, Hint], tuple[Ref, Values]] = {}
        """By the identity of references, which are kept: another one made later must not be taken for it."""
        self.unknowns: Fixpoint[Key, Values] = Fixpoint(self._rule, bottom=NOTHING, top=ANYTHING)

    def evaluate(self, ref: Ref | None, code: Code, hint: Hint = None, depth: int = 0) -> Values:
        """All that `ref` may be in `code`, in terms of the parameters there."""
        if ref is None or depth > DEEPEST_EXPRESSION:
            return UNKNOWN
        if type(ref) is NameRef or not self.unknowns.is_idle:
            return self._evaluate(ref, code, hint, depth)
        key = (id(ref), code, hint if has_call(ref) else None)
        if key not in self._final:
            self._final[key] = ref, self._evaluate(ref, code, hint, depth)
        return self._final[key][1]

    def name(self, code: Code, name: str) -> Values:
        """All that a name bound by `code` may be."""
        if code.number != MODULE or name in code.module.facts.bindings:
            return self.unknowns.get(("name", code, name))
        return self.target(self.project.lookup(code.module, name))

    def of_module(self, module: Module, name: str) -> Values:
        """All that an attribute of a module may be."""
        if name in module.facts.bindings:
            return self.unknowns.get(("name", self.codes.of(module, MODULE), name))
        return self.target(self.project.member(InModule(module), name))

    def target(self, target: Target | None) -> Values:
        """All that a resolved name may be."""
        match target:
            case InModule(module):
                return frozenset({OfModule(module)})
            case Folder(path):
                return frozenset({OfFolder(path)})
            case External(name):
                return frozenset({Outside(name)})
            case Builtin(name):
                return frozenset({Data("str") if name in _MODULE_TEXTS else Outside(f"builtins.{name}")})
            case Defined(module, name):
                return self.unknowns.get(("name", self.codes.of(module, MODULE), name))
            case None:
                return UNKNOWN

    def instances(self, annotation: Ref | None, code: Code) -> Values:
        """All that something annotated so may be."""
        if annotation is None:
            return NOTHING
        return union(map(_instance, self.evaluate(annotation, code)))

    def data(self, receiver: Code, name: str) -> Values:
        """All that instances of the class `receiver` hold under `name`, methods aside."""
        return self.unknowns.get(("data", receiver, name))

    def returns(self, code: Code) -> Values:
        """All that the function returns (or yields), in terms of its parameters."""
        return self.unknowns.get(("returns", code, ""))

    def returned(self, code: Code, bindings: Bindings) -> Values:
        """All that the function returns (or yields) where its parameters are these."""
        return self.unknowns.get(("returned", code, bindings))

    def _evaluate(self, ref: Ref, code: Code, hint: Hint, depth: int) -> Values:
        match ref:
            case NameRef(name, scope):
                return self.name(self.codes.of(code.module, scope), name)
            case AttributeRef(value, name):
                return self.members.attribute(self.evaluate(value, code, hint, depth + 1), name)
            case ItemRef(value):
                return self.members.item(self.evaluate(value, code, hint, depth + 1))
            case EnterRef(value):
                return self.members.enter(self.evaluate(value, code, hint, depth + 1))
            case CallRef(callee):
                return self.unknowns.get(("call", code, (callee, hint)))
            case ChoiceRef(options):
                return union(self.evaluate(option, code, hint, depth + 1) for option in options)
            case LiteralRef(type_name):
                return frozenset({Data(type_name)})
            case LambdaRef(scope):
                return frozenset({Function(self.codes.of(code.module, scope))})
            case SuperRef(scope):
                return self._super(code, self.codes.of(code.module, scope))

    def _rule(self, key: Key) -> Values:
        kind, code, detail = key
        if isinstance(detail, tuple):
            return self._call(*detail, code)
        if isinstance(detail, frozenset):
            return self.closures.substitute(self.returns(code), dict(detail), code)
        if kind == "defined":
            return self._decorated(code)
        if kind == "returns":
            return self._returns(code)
        if kind == "data":
            return self.members.data(code, detail)
        return self._module_name(code, detail) if code.number == MODULE else self._local_name(code, detail)

    def _call(self, callee: Ref, hint: Hint, code: Code) -> Values:
        callees = self.evaluate(callee, code, hint)
        return union(self.calling.result(callees, site) for site in _sites(callee, code, hint))

    def _returns(self, code: Code) -> Values:
        scope = code.scope
        found = union(self.evaluate(ref, code) for ref in scope.returns)
        if found & _DECLINED:  # then Python asks the other operand
            found = union((found - _DECLINED, UNKNOWN))
        if not scope.returns:
            none: Values = frozenset({Data("None")})
            return none if scope.annotation is None else self.instances(scope.annotation, code)
        if scope.annotation is None or not found & UNKNOWN:
            return found
        return union((found - UNKNOWN, self.instances(scope.annotation, code)))

    def _local_name(self, code: Code, name: str) -> Values:
        parts = [self.evaluate(ref, code) for ref in code.scope.locals.get(name, ())]
        parts += [self.defined(child) for child in code.children.get(name, ())]
        parts += [
            self.target(self.project.import_target(code.module, item))
            for item in code.module.imports_of(code.number, name)
        ]
        if name in code.parameters:
            parts.append(frozenset({Given(code, name)}))
        return union(parts) if parts else UNKNOWN

    def _module_name(self, code: Code, name: str) -> Values:
        facts = code.module.facts
        bindings = facts.bindings[name]
        seen = [b for b in bindings if not b.is_typing] or list(bindings)
        parts = [
            self.target(self.project.import_target(code.module, facts.imports[b.index]))
            for b in seen
            if b.kind is BindingKind.IMPORT
        ]
        parts += [self.defined(self.codes.of(code.module, b.index)) for b in seen if b.kind in _DEFINITIONS]
        if all(b.kind in _NO_VARIABLE for b in seen):
            return union(parts) if parts else UNKNOWN
        hint = frozenset(b.statement for b in seen if b.kind not in _NO_VARIABLE)
        parts += [self.evaluate(ref, code, hint) for ref in code.scope.locals.get(name, ())]
        found = self.closures.settled(union(parts) if parts else UNKNOWN)
        return marked(found, Shared(code.module, name))

    def defined(self, code: Code) -> Values:
        """What a `def` or `class` statement binds, decorators applied."""
        if code.scope.decorators:
            return self.unknowns.get(("defined", code, ""))
        return frozenset({Class(code) if code.kind == "class" else Function(code)})

    def _decorated(self, code: Code) -> Values:
        if code.kind == "class":
            plain: Values = frozenset({Class(code)})
        else:
            plain = frozenset({Function(code)})
        found = plain
        outer = code.parent or code
        for ref in reversed(code.scope.decorators):
            decorators = self.evaluate(ref, outer, frozenset({code.scope.statement}))
            given = Site(code=outer, arguments=(), first=(found,))
            found = union((found, self.calling.decorated(decorators, given)))
            if self.unlisted.is_unknown(decorators, code):
                found = union((found, UNKNOWN))
        if outer.kind in ("module", "class") and any(_keeps_state(value) for value in found):
            return marked(found, Shared(code.module, code.scope.name))
        return found

    def _super(self, code: Code, of: Code) -> Values:
        method = code
        while method.parent is not None and method.parent is not of:
            method = method.parent
        if method.parent is None or method.receiver is None:
            return UNKNOWN
        return frozenset({Given(method, method.receiver, (of,))})


def _keeps_state(value: Value) -> bool:
    return isinstance(value, Function) and value.code.keeps_state


def _instance(value: Value) -> Values:
    match value:
        case Class(code):
            return frozenset({Instance(code)})
        case Outside(name):
            return _instance_of(name)
        case _:
            return UNKNOWN


def _instance_of(name: str) -> Values:
    owner, _, last = name.rpartition(".")
    if owner == "builtins":
        return UNKNOWN if last in ("object", "type", "callable") else frozenset({Data(last)})
    if name.startswith(TYPING_MODULES):
        plain = last.lower()
        return frozenset({Data(plain)}) if plain in ("dict", "list", "set", "tuple", "frozenset") else UNKNOWN
    return frozenset({Made(name)}) if last[:1].isupper() else UNKNOWN


def _sites(callee: Ref, code: Code, hint: Hint) -> Iterator[Site]:
    """The calls of `callee` that a reference to its result may mean."""
    found = [(code, operation) for operation in code.calls.get(callee, ())]
    if code.kind == "class":
        methods = (child for children in code.children.values() for child in children)
        found += [(method, operation) for method in methods for operation in method.calls.get(callee, ())]
    if len(found) > 1:
        found = [each for each in found if _is_meant(each[1], hint)] or found
        found = [each for each in found if not any(_is_within(each[1], other) for _, other in found)]
    for maker, operation in found:
        yield Site(code=maker, arguments=operation.arguments)
    if not found:
        yield unseen(code)


def _is_meant(operation: Operation, hint: Hint) -> bool:
    if isinstance(hint, Span):
        return hint.contains(operation.span)
    return hint is None or operation.statement in hint


def _is_within(operation: Operation, other: Operation) -> bool:
    """`f(f(x))`: what is bound is the result of the outer call."""
    return other.span != operation.span and other.span.contains(operation.span)
