"""Who may call a function, or make an object of a class, as far as names tell; and what it gives for a parameter."""

from collections.abc import Iterator

from lazify.imports.families import Families
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, InModule, Project
from lazify.model.facts import MODULE, Argument, AttributeRef, Does, NameRef, Operation, Ref, Scope, SuperRef

CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__"})
_Call = tuple[Module, int, Operation]


class Calls:
    """The calls of one project."""

    def __init__(self, project: Project, families: Families) -> None:
        """Nothing is searched before the first question."""
        self._project = project
        self._families = families
        self._known: dict[Module, dict[str, list[tuple[int, Operation]]]] = {}

    def of(self, module: Module, number: int) -> Iterator[tuple[Module, int, Operation, str]]:
        """Yield the calls of a function or class, or that hand it on, each with its scope and the name used."""
        scopes = module.facts.scopes
        name = _last_name(scopes[number])
        owner = number if scopes[number].kind == "class" else scopes[number].parent
        if scopes[number].kind == "class" or name in CONSTRUCTORS:
            below = list(self._families.below(module, owner))
            for each in sorted({_last_name(where.facts.scopes[n]) for where, n in below}):
                for caller, inside, operation in self._named(each):
                    if self._makes(caller, operation, below):
                        yield caller, inside, operation, each
            homes = {where for where, _ in below}
            for each in ("cls", *CONSTRUCTORS):
                for caller in (where for where in self._project.mentioning(each) if where in homes):
                    for inside, operation in self._in(caller).get(each, ()):
                        if self._class_around(caller, inside) in below:
                            yield caller, inside, operation, each
            return
        for caller, inside, operation in self._named(name):
            if self._may_be(caller, operation, module, number):
                yield caller, inside, operation, name

    def _makes(self, caller: Module, operation: Operation, below: list[tuple[Module, int]]) -> bool:
        """Tell whether a call of a class's name, or with it, means one of these classes."""
        match resolve(self._project, caller, operation.subject):
            case Defined(where, name):
                found = where.facts.scopes[MODULE].definitions.get(name)
                return found is None or (where, found) in below or _is_given(operation, name)
        return True

    def _may_be(self, caller: Module, operation: Operation, module: Module, number: int) -> bool:
        name = _last_name(module.facts.scopes[number])
        if _is_given(operation, name):
            return True
        match resolve(self._project, caller, operation.subject):
            case External() | Builtin() | InModule():
                return False
            case Defined(where, defined):
                found = where.facts.scopes[MODULE].definitions.get(defined)
                return found is None or (where, found) == (module, number)
        match operation.subject:
            case AttributeRef(SuperRef(inside), _):
                owner = module.facts.scopes[number].parent
                return (caller, inside) in list(self._families.below(module, owner))
        return True

    def _class_around(self, module: Module, number: int) -> tuple[Module, int] | None:
        scopes = module.facts.scopes
        while number > MODULE and scopes[number].kind != "class":
            number = scopes[number].parent
        return (module, number) if number > MODULE else None

    def _named(self, name: str) -> Iterator[_Call]:
        """Yield every call of something of that last name, and those that hand it on."""
        is_implied = name.startswith("__") and name not in CONSTRUCTORS  # `with x` calls `x.__enter__`
        modules = self._project.modules.values() if is_implied else self._project.mentioning(name)
        for module in modules:
            yield from ((module, inside, operation) for inside, operation in self._in(module).get(name, ()))

    def _in(self, module: Module) -> dict[str, list[tuple[int, Operation]]]:
        """The calls of one module by the last names of what is called and of what it gets, each with its scope."""
        if module not in self._known:
            found: dict[str, list[tuple[int, Operation]]] = {}
            for number, scope in enumerate(module.facts.scopes):
                for operation in scope.operations:
                    if operation.does is Does.CALL:
                        names = {_last(operation.subject), *(_last(each.ref) for each in operation.arguments)}
                        for name in names - {""}:
                            found.setdefault(name, []).append((number, operation))
            self._known[module] = found
        return self._known[module]


def arguments_for(
    operation: Operation, scope: Scope, parameter: str, *, called: str, is_method: bool
) -> Iterator[Argument]:
    """Yield the arguments that may become a parameter; all of them where somebody else makes the call."""
    if _last(operation.subject) != called:
        yield from operation.arguments
        return
    names = [each.name for each in scope.parameters]
    kinds = {each.name: each.kind for each in scope.parameters}
    if kinds.get(parameter, "") in ("*", "**"):
        yield from operation.arguments
        return
    at = names.index(parameter) if parameter in names else None
    is_bound = called not in (_last_name(scope), *CONSTRUCTORS)  # the class is called
    places = (
        () if at is None else (at - 1,) if is_method and is_bound else (at - 1, at) if is_method else (at,)
    )
    for number, argument in enumerate(operation.arguments):
        is_placed = argument.keyword is None and (at is None or number in places)
        if is_placed or argument.keyword in (parameter, "*", "**"):
            yield argument


def _is_given(operation: Operation, name: str) -> bool:
    return any(_last(each.ref) == name for each in operation.arguments)


def _last(ref: Ref | None) -> str:
    return ref.name if isinstance(ref, NameRef | AttributeRef) else ""


def _last_name(scope: Scope) -> str:
    return scope.name.rpartition(".")[2]
