"""Scopes in the making, and the namespaces in which their names are looked up."""

from typing import NamedTuple

from lazify.index.binders import Names
from lazify.model.facts import Operation, Parameter, Ref
from lazify.model.places import Span

MODULE_BODY, CLASS, FUNCTION, LAMBDA = "module", "class", "function", "lambda"
COMPREHENSION, TYPES = "comprehension", "types"
"""Kinds of frames that are no scopes of `Facts`: a comprehension's, and that of type parameters (PEP 695)."""


class Name(NamedTuple):
    """What a name means where it stands."""

    name: str
    """Mangled."""
    ref: Ref | None
    bound: int
    """The scope that binds it, for uses that are recorded; -1 for the others."""
    is_read: bool
    """The module binds it."""
    is_vague: bool = False
    """Only running the class body tells whether it is the class's own name or the module's."""


NO_NAMES = Names()
"""Stands for the names of a scope whose body is not yet reached."""


class Draft:
    """A scope in the making; the fields are those of `Scope`."""

    __slots__ = (
        "annotation",
        "attributes",
        "bases",
        "body",
        "decorators",
        "definitions",
        "docstring",
        "globals",
        "is_async",
        "is_for_class",
        "kind",
        "locals",
        "metaclass",
        "name",
        "names",
        "number",
        "only_returns",
        "operations",
        "owner",
        "parameters",
        "parent",
        "reads",
        "return_span",
        "returns",
        "self_name",
        "span",
        "statement",
        "yields",
    )

    def __init__(self, number: int, kind: str, name: str, parent: int, statement: int) -> None:
        """Begin an empty scope."""
        self.number, self.kind, self.name = number, kind, name
        self.parent, self.statement = parent, statement
        self.span = Span(1, 0, 1, 0)
        self.names = NO_NAMES
        self.operations: list[Operation] = []
        self.reads: set[object] = set()
        self.parameters: tuple[Parameter, ...] = ()
        self.is_async = False
        self.decorators: tuple[Ref | None, ...] = ()
        self.bases: tuple[Ref | None, ...] = ()
        self.metaclass: Ref | None = None
        self.locals: dict[str, list[Ref | None]] = {}
        self.definitions: dict[str, int] = {}
        self.attributes: dict[str, list[Ref | None]] = {}
        self.returns: list[Ref | None] = []
        self.yields: list[Ref | None] | None = None
        self.annotation: Ref | None = None
        self.only_returns: str | None = None
        self.return_span: Span | None = None
        self.docstring: Span | None = None
        self.body: Span | None = None
        self.globals: list[tuple[Span, tuple[str, ...]]] = []
        self.self_name: str | None = None
        self.owner: Draft | None = None
        self.is_for_class = False


class Frame:
    """One namespace of Python's scoping, with the scope of `Facts` that its code belongs to."""

    __slots__ = ("bound", "draft", "kind", "known", "maybe", "names", "parent", "private", "sure", "values")

    def __init__(self, kind: str, draft: Draft, parent: "Frame | None", names: Names) -> None:
        """Open a namespace inside `parent`."""
        self.kind, self.draft, self.parent, self.names = kind, draft, parent, names
        self.private: str | None = parent.private if parent else None
        self.bound: set[str] = names.bound
        self.known: dict[str, Name] = {}
        self.values: dict[str, Ref | None] = {}
        # Of a class body: names that it has bound so far for certain, or perhaps.
        self.sure: set[str] = set()
        self.maybe: set[str] = set()
