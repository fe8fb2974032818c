"""Fields that a class declares for its instances: `rows: list = field(default_factory=list)`."""

from lazify.index.codes import Code
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Project
from lazify.index.state import is_class
from lazify.model.facts import Argument, CallRef, LambdaRef, LiteralRef, Ref

FACTORIES = frozenset({"default_factory", "factory"})
"""The arguments that make a value for each instance."""
_FIELDS = frozenset(
    External(name)
    for name in (
        "dataclasses.field", "attr.attrib", "attr.field", "attr.ib", "attrs.field", "msgspec.field", "pydantic.Field",
        "pydantic.dataclasses.field", "pydantic.fields.Field", "sqlmodel.Field",
    )
)  # fmt: skip


class Fields:
    """Tells what the body of a class binds for each instance from what its instances share."""

    def __init__(self, project: Project) -> None:
        """Nothing is searched before the first question."""
        self._project = project
        self._known: dict[tuple[Code, Ref], bool] = {}

    def is_made_for_each(self, code: Code, name: str) -> bool:
        """Tell whether all that the class body binds to the name are fields without an object that is shared."""
        made = [ref for ref in code.scope.locals.get(name, ()) if not _is_annotation(code, ref)]
        return bool(made) and all(self._makes(code, ref) for ref in made)

    def _makes(self, code: Code, ref: Ref | None) -> bool:
        """Tell it of one call; those of the same function in the same class are not told apart."""
        if not isinstance(ref, CallRef):
            return False
        key = (code, ref)
        if key not in self._known:
            calls = code.calls.get(ref.callee, ()) if ref.callee is not None else ()
            self._known[key] = (
                resolve(self._project, code.module, ref.callee) in _FIELDS
                and bool(calls)
                and all(self._is_own(argument, code) for each in calls for argument in each.arguments)
            )
        return self._known[key]

    def _is_own(self, argument: Argument, code: Code) -> bool:
        """A default is one object for all instances, unless it is a constant; a factory may give one, too."""
        if argument.keyword in FACTORIES:
            return self._is_class(argument.ref, code) or self._makes_instance(argument.ref, code)
        is_default = argument.keyword in (None, "default", "*", "**")
        return not is_default or argument.constant is not None or argument.ref == LiteralRef("None")

    def _makes_instance(self, ref: Ref | None, code: Code) -> bool:
        """`lambda: Box()`, `lambda: []`"""
        if not isinstance(ref, LambdaRef):
            return False
        given = code.module.facts.scopes[ref.scope].returns
        return bool(given) and all(
            isinstance(each, LiteralRef) or (isinstance(each, CallRef) and self._is_class(each.callee, code))
            for each in given
        )

    def _is_class(self, ref: Ref | None, code: Code) -> bool:
        target = resolve(self._project, code.module, ref)
        if isinstance(target, External):
            return target.name.startswith("collections.") or target.name.rpartition(".")[2][:1].isupper()
        return isinstance(target, Builtin) or (isinstance(target, Defined) and is_class(target))


def _is_annotation(code: Code, ref: Ref | None) -> bool:
    """Of `rows: Rows = field(…)` the class of the annotation counts as a value, too: nothing calls it."""
    return isinstance(ref, CallRef) and ref.callee not in code.calls
