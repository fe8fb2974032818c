"""The expressions of one module that a question about all of them is about."""

from collections.abc import Iterator

from lazify.index.modules import Module
from lazify.model.facts import MODULE, Does, Ref, Scope


def bound(scope: Scope) -> Iterator[Ref | None]:
    """Yield what variables and attributes are bound to."""
    for values in (*scope.locals.values(), *scope.attributes.values()):
        yield from values


def called(module: Module) -> Iterator[Ref]:
    """Yield what the module's code calls."""
    operations = (each for scope in module.facts.scopes for each in scope.operations)
    return (each.subject for each in operations if each.does is Does.CALL and each.subject is not None)


def handed_on(module: Module) -> Iterator[Ref | None]:
    """Yield what the module's functions give, and what its calls hand on."""
    for scope in module.facts.scopes:
        if scope.parent == MODULE:
            yield from scope.returns
        for operation in scope.operations:
            if operation.does is Does.CALL:
                yield from (each.ref for each in operation.arguments)


def kept_by_name(module: Module) -> Iterator[Ref | None]:
    """Yield what the module's methods give, and what its objects keep."""
    for scope in module.facts.scopes:
        if scope.parent != MODULE:
            yield from scope.returns
        for values in scope.attributes.values():
            yield from values
