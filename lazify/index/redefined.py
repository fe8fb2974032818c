"""What a module calls under a name that it defines again further down: `install()` above `def install()`."""

from lazify.index.abstract import Class, Function, Value, Values
from lazify.index.codes import Code
from lazify.model.facts import MODULE, NameRef, Operation


def bound_above(called: Values, operation: Operation, code: Code) -> Values:
    """Leave out what the name is only bound to when the call has run."""
    if code.number != MODULE or not isinstance(operation.subject, NameRef):
        return called
    there = frozenset(each for each in called if not _is_below(each, operation, code))
    return there or called


def _is_below(value: Value, operation: Operation, code: Code) -> bool:
    if not isinstance(value, Function | Class) or value.code.module is not code.module:
        return False
    scope = value.code.scope
    return scope.parent == MODULE and scope.statement > operation.statement
