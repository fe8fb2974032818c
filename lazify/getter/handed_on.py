"""What the code of one module hands on: to its callers, to functions that it calls, as attributes of objects."""

from collections.abc import Iterable, Iterator

from lazify.getter.families import family
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule, Project, Target
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
    """Yield the calls that hand something to functions of the project, or constructors, each with its scope."""
    for call in _calls(module):
        target = resolve(project, module, call.subject) if call.arguments else None
        number = _definition(target)
        if not isinstance(target, Defined) or number is None:
            continue
        if target.module.facts.scopes[number].kind != "class":
            yield call, target.module, number
        classes = family(project, target.module, number)
        if not _has_module(project, module, call):
            classes = (each for each in classes if each == (target.module, number))
        for owner, cls in classes:
            methods = owner.facts.scopes[cls].definitions
            yield from ((call, owner, methods[name]) for name in sorted(_CONSTRUCTORS & methods.keys()))


def _has_module(project: Project, module: Module, call: Operation) -> bool:
    """Tell whether a module is handed over by its own name: what only may be one is not followed everywhere."""
    return any(isinstance(resolve(project, module, each.ref), InModule) for each in call.arguments)


def _by_fields(project: Project, module: Module, call: Operation) -> Iterator[tuple[str, Ref | None]]:
    """`SimpleNamespace(module=a)`, `Settings(a)` of a dataclass; `Settings(module=a)` of any class may set that."""
    target = resolve(project, module, call.subject)
    number = _definition(target)
    fields: Iterable[str] = ()
    if isinstance(target, Defined) and number is not None:
        cls = target.module.facts.scopes[number]
        if cls.kind != "class":
            return
        is_made_of_fields = _is_made_of_fields(project, target.module, number)
        if not (is_made_of_fields or _has_module(project, module, call)):
            return
        fields = cls.locals if is_made_of_fields else ()
    elif target not in _NAMESPACES:
        return
    positional: list[Argument] = []
    for each in call.arguments:
        if each.keyword is None:
            positional.append(each)
        else:
            yield each.keyword, each.ref
    yield from ((name, each.ref) for name, each in zip(fields, positional, strict=False))


def _is_made_of_fields(project: Project, module: Module, number: int) -> bool:
    """Tell whether a decorator, or a base that is not of the project, may give the class its constructor."""
    own = module.facts.scopes[number]
    if own.decorators:
        return own.definitions.keys().isdisjoint(_CONSTRUCTORS)
    classes = [(at, at.facts.scopes[scope]) for at, scope in family(project, module, number)]
    bases = (resolve(project, at, base) for at, cls in classes for base in cls.bases)
    is_given = any(cls.decorators for _, cls in classes) or not all(isinstance(b, Defined) for b in bases)
    return is_given and all(cls.definitions.keys().isdisjoint(_CONSTRUCTORS) for _, cls in classes)


def _definition(target: Target | None) -> int | None:
    """The scope of the function or class that a name of a module stands for."""
    if not isinstance(target, Defined):
        return None
    return target.module.facts.scopes[MODULE].definitions.get(target.name)


def _calls(module: Module) -> Iterator[Operation]:
    for scope in module.facts.scopes:
        yield from (each for each in scope.operations if each.does is Does.CALL)
