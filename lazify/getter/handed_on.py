"""What the code of one module hands on: to its callers, to functions that it calls, as attributes of objects."""

from collections.abc import Iterable, Iterator

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, Project
from lazify.model.facts import MODULE, Argument, AttributeRef, Does, NameRef, Operation, Ref, Scope

_CONSTRUCTORS = frozenset({"__init__", "__new__"})
_NAMESPACES = frozenset({External("types.SimpleNamespace"), External("argparse.Namespace")})


def values_of(scope: Scope) -> Iterator[Ref | None]:
    """Yield what variables and attributes are bound to."""
    for values in (*scope.locals.values(), *scope.attributes.values()):
        yield from values


def called(module: Module) -> Iterator[Ref]:
    """Yield what is called."""
    return (each.subject for each in _calls(module) if each.subject is not None)


def handed_on(module: Module) -> Iterator[Ref | None]:
    """Yield what the module's functions give, what its calls hand on, and what parameters have without an argument."""
    for scope in module.facts.scopes:
        if scope.parent == MODULE:
            yield from scope.returns
        yield from (each.default for each in scope.parameters)
    for call in _calls(module):
        yield from (each.ref for each in call.arguments)


def kept_by_name(module: Module) -> Iterator[Ref | None]:
    """Yield what the module's methods give, and what its objects may keep."""
    for scope in module.facts.scopes:
        if scope.parent != MODULE:
            yield from scope.returns
        for values in scope.attributes.values():
            yield from values
    for call in _calls(module):
        yield from (each.ref for each in call.arguments)


def kept(project: Project, module: Module) -> Iterator[tuple[str, Ref | None]]:
    """Yield the attributes of classes and objects, each with what it is bound to."""
    for scope in module.facts.scopes:
        for name, values in scope.attributes.items():
            yield from ((name, value) for value in values)
    for item in module.facts.imports:
        if module.facts.scopes[item.scope].kind == "class":
            yield item.binds, NameRef(item.binds, item.scope)
    for call in _calls(module):
        if any(isinstance(each.ref, NameRef | AttributeRef) for each in call.arguments):
            yield from _by_fields(project, module, call)


def handings(project: Project, module: Module) -> Iterator[tuple[Operation, Module, int]]:
    """Yield the calls that hand something to functions of the project, each with its scope: `__init__` of a class."""
    for call in _calls(module):
        target = resolve(project, module, call.subject) if call.arguments else None
        if isinstance(target, Defined):
            scopes = target.module.facts.scopes
            number = scopes[MODULE].definitions.get(target.name)
            if number is not None and scopes[number].kind == "class":
                number = scopes[number].definitions.get("__init__")
            if number is not None:
                yield call, target.module, number


def _by_fields(project: Project, module: Module, call: Operation) -> Iterator[tuple[str, Ref | None]]:
    """`SimpleNamespace(module=a)`, and `Settings(a)` of a class without a constructor: a dataclass."""
    target = resolve(project, module, call.subject)
    fields: Iterable[str] = ()
    if isinstance(target, Defined):
        cls = _class(target)
        if cls is None or not _is_made_of_fields(project, target):
            return
        fields = cls.locals
    elif target not in _NAMESPACES:
        return
    positional: list[Argument] = []
    for each in call.arguments:
        if each.keyword is None:
            positional.append(each)
        else:
            yield each.keyword, each.ref
    yield from ((name, each.ref) for name, each in zip(fields, positional, strict=False))


def _is_made_of_fields(project: Project, target: Defined) -> bool:
    """Tell whether a decorator, or a base that is not of the project, may give the class its constructor."""
    pending, seen, is_given = [target], {target}, False
    while pending:
        at = pending.pop()
        cls = _class(at)
        if cls is None or not cls.definitions.keys().isdisjoint(_CONSTRUCTORS):
            return False
        bases = [resolve(project, at.module, base) for base in cls.bases]
        own = {base for base in bases if isinstance(base, Defined)}
        is_given |= bool(cls.decorators) or len(own) < len(bases)
        pending += own - seen
        seen |= own
    return is_given


def _class(target: Defined) -> Scope | None:
    scopes = target.module.facts.scopes
    number = scopes[MODULE].definitions.get(target.name)
    return scopes[number] if number is not None and scopes[number].kind == "class" else None


def _calls(module: Module) -> Iterator[Operation]:
    for scope in module.facts.scopes:
        yield from (each for each in scope.operations if each.does is Does.CALL)
