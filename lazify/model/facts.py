"""What one file says, read from its syntax tree alone: the scanner's result, kept between runs.

Facts know neither the file's path nor its module name, so they can be cached by content.
Indices point into the tuples of the same `Facts`: a scope number into `scopes` (0 is the module),
a statement number into `statements` (the module's own top-level statements, in order).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lazify.model.places import Span

MODULE = 0
"""The number of the module's own scope. Names that no scope binds (builtins, star imports) count as its."""


# What an expression refers to, as far as syntax tells. None stands for "cannot be told".
# The tags keep kinds of the same shape from being equal, as tuples would be: no attribute has such a name.


CALLED = "()"
SUBSCRIPTED = "[]"


class NameRef(NamedTuple):
    """A name, and the scope that binds it."""

    name: str
    scope: int


class AttributeRef(NamedTuple):
    """`value.name`"""

    value: "Ref"
    name: str


class CallRef(NamedTuple):
    """What calling `callee` gives; `await f()` counts as `f()`."""

    callee: "Ref"
    tag: str = CALLED


class ItemRef(NamedTuple):
    """`value[...]`, or what iterating over `value` gives."""

    value: "Ref"
    tag: str = SUBSCRIPTED


class EnterRef(NamedTuple):
    """What `with value as …` binds."""

    value: "Ref"
    tag: str = "with"


class ChoiceRef(NamedTuple):
    """`a or b`, `a if c else b`: one of several."""

    options: "tuple[Ref | None, ...]"


class LiteralRef(NamedTuple):
    """A display or constant of a builtin type: `str`, `bytes`, `int`, `list`, `dict`, `set`, `tuple`, `None`, …"""

    type: str


class LambdaRef(NamedTuple):
    """A lambda expression; `scope` is its body."""

    scope: int
    tag: str = "lambda"


class SuperRef(NamedTuple):
    """`super()`, inside a method of the class whose scope this is."""

    scope: int
    tag: str = "super"


Ref = NameRef | AttributeRef | CallRef | ItemRef | EnterRef | ChoiceRef | LiteralRef | LambdaRef | SuperRef


class Argument(NamedTuple):
    """One argument of a call."""

    keyword: str | None
    """None for a positional one; `*` and `**` for unpacking."""
    ref: Ref | None
    constant: str | int | float | bool | None
    """The value, where it is a plain constant; None otherwise (also for None itself: see `ref`)."""
    span: Span
    """Of the value, without the keyword."""


class Does(StrEnum):
    """What one operation of a scope's body does when the body runs."""

    CALL = "call"
    """Calls `subject`. Decorators are calls of the decorator, `with x` calls `x.__enter__`."""
    ITEM = "item"
    """Reads `subject[constant]`."""
    IMPORT = "import"
    """Runs import number `index` of `Facts.imports`."""
    WRITE = "write"
    """Rebinds the module-level name `subject` (a function with `global`), or an attribute of a class or module."""
    MUTATE = "mutate"
    """Changes `subject` in place: `subject[k] = v`, `subject.attr = v`, `subject += v`, `del subject[k]`."""
    READ = "read"
    """Reads the module-level name `subject` (once for each name and scope)."""
    CLASS = "class"
    """Runs the body of class scope `index` (its bases and decorators are operations before it)."""
    RAISE = "raise"
    """Raises `subject`."""


class Operation(NamedTuple):
    """One thing that happens when the body of a scope runs, in source order.

    Comprehensions count as part of the scope they stand in; function and lambda bodies do not.
    Blocks under `if TYPE_CHECKING:` have no operations.
    """

    does: Does
    subject: Ref | None
    span: Span
    statement: int
    """The top-level statement it belongs to (for function bodies: the one that defines the function)."""
    arguments: tuple[Argument, ...] = ()
    """Of a call; an ITEM has its constant subscript here."""
    index: int = -1  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a record
    deferred: bool = False
    """Stands under `if __name__ == "__main__":` of the module scope: does not run at import."""


class Parameter(NamedTuple):
    """One parameter of a function."""

    name: str
    annotation: Ref | None
    """`Optional[X]`, `X | None` and `"X"` count as X; None where there is none or it cannot be told."""
    default: Ref | None
    kind: str
    """`positional`, `keyword`, `*` or `**`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The module, a class, a function or a lambda."""

    kind: str
    """`module`, `class`, `function` or `lambda`."""
    name: str
    """The qualified name: `Manager.start`; `<lambda>` for lambdas; empty for the module."""
    parent: int
    """-1 for the module."""
    span: Span
    """The whole definition with its decorators."""
    statement: int
    operations: tuple[Operation, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    is_async: bool = False
    is_generator: bool = False
    decorators: tuple[Ref | None, ...] = ()
    bases: tuple[Ref | None, ...] = ()
    metaclass: Ref | None = None
    locals: dict[str, tuple[Ref | None, ...]]
    """Every value that is bound to a local name, once for each binding; functions and classes defined here
    are `LambdaRef`-like numbers in `definitions`. For the module: its module-level names."""
    definitions: dict[str, int]
    """Functions and classes defined directly in this scope: name to scope number (the last wins)."""
    attributes: dict[str, tuple[Ref | None, ...]]
    """Of a class: what its body and its methods bind to `self.name`, `cls.name` or `name`."""
    returns: tuple[Ref | None, ...] = ()
    """What the function's return statements give (a lambda: its body); for a generator, what it yields."""
    annotation: Ref | None = None
    """The annotated return type, read like a parameter's."""
    only_returns: str | None = None
    """The module-level name, when the body is `return name` and nothing else but a docstring, without
    parameters and decorators."""
    return_span: Span | None = None
    """Of that return statement, where `only_returns` names something."""
    docstring: Span | None = None
    body: Span | None = None
    """Of the first statement of a function after its docstring; None where the docstring is all."""
    globals: tuple[tuple[Span, tuple[str, ...]], ...] = ()
    """The `global` statements of this scope's own code, each with its names in order."""


class BindingKind(StrEnum):
    """How a name is bound."""

    ASSIGN = "assign"
    ANNOTATE = "annotate"
    """`x: T` without a value."""
    AUGMENT = "augment"
    IMPORT = "import"
    FUNCTION = "function"
    CLASS = "class"
    LOOP = "loop"
    WITH = "with"
    EXCEPT = "except"
    WALRUS = "walrus"
    MATCH = "match"
    DELETE = "delete"
    TYPE = "type"


class Binding(NamedTuple):
    """One place that binds a module-level name, be it at module level or in a function under `global`."""

    name: str
    kind: BindingKind
    scope: int
    """The scope whose code binds it: 0, or a function with `global`."""
    statement: int
    span: Span
    """Of the target's name."""
    index: int = -1  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a record
    """The import, for `import`; the scope, for `function` and `class`."""
    is_typing: bool = False
    """Stands under `if TYPE_CHECKING:`."""


class Import(NamedTuple):
    """One alias of one import statement, anywhere in the file."""

    module: str
    """As written, without leading dots: `a.b` of `import a.b` and of `from a.b import c`; may be empty."""
    name: str | None
    """None for `import a.b`; `*` for a star import."""
    alias: str | None
    level: int
    """Leading dots."""
    binds: str
    """The name it binds: alias, name, or the first part of the module; empty for a star."""
    span: Span
    """Of the alias: `c as d`, or the `*`."""
    statement_span: Span
    statement: int
    scope: int
    is_typing: bool = False
    catches: frozenset[str] | None = None
    """Inside `try:` with handlers: the exceptions they catch as written (`ImportError`; `` for a bare except)."""
    is_lazy: bool = False
    """`lazy import` of PEP 810."""


class Role(StrEnum):
    """What a use does with the name, or with the last attribute that follows it."""

    LOAD = "load"
    STORE = "store"
    AUGMENT = "augment"
    DELETE = "delete"
    ANNOTATION = "annotation"
    """In an annotation, also in a quoted one."""
    DECORATOR = "decorator"
    BASE = "base"
    """In the bases or keywords of a class."""
    DEFAULT = "default"
    """In the default value of a parameter."""
    PATTERN = "pattern"
    """In the value or class pattern of a `case`."""
    DEBUG = "debug"
    """In `f"{x=}"`, whose text shows the expression."""
    FORMAT = "format"
    """By its name in the text of `"%(x)s" % locals()`; the span is that of the call."""
    UNLOCATED = "unlocated"
    """In a string whose inner positions this Python does not report."""


class Use(NamedTuple):
    """One use of a module-level name, or of a name that a function-level import binds.

    `a.b.c` is one use of `a` with attributes `("b", "c")`. Names that no scope of the file binds are
    recorded only if the file has a star import or the name is no builtin.
    """

    name: str
    attributes: tuple[str, ...]
    ends: tuple[tuple[int, int], ...]
    """Where each attribute ends: line and column, as long as `attributes`."""
    span: Span
    """Of the name alone."""
    role: Role
    scope: int
    """The innermost scope (module, class, function, lambda) whose code it is."""
    bound: int
    """The scope that binds the name: 0, or the function with the import."""
    statement: int
    deferred: bool
    """Does not run when the module is imported: in a function or lambda body, or under `__main__`."""
    is_typing: bool = False
    """Under `if TYPE_CHECKING:`."""
    is_called: bool = False
    """The whole chain is called: `a.b(...)`."""
    is_quoted: bool = False
    """In a string that is an annotation."""


class Form(StrEnum):
    """The place of a call in its statement, as far as rewriting its result needs it."""

    DECORATOR = "decorator"
    WITH = "with"
    STATEMENT = "statement"
    """Alone, its result dropped."""
    OTHER = "other"


class Mention(NamedTuple):
    """A string constant that may name something: `"pkg.mod.name"`, or an identifier in a call that takes
    names, such as `setattr(obj, "name", …)`, `patch.object(obj, "name")`, `getattr(obj, "name")`."""

    text: str
    span: Span
    scope: int
    statement: int
    callee: Ref | None = None
    """The call whose direct argument it is, if any."""
    call: Span | None = None
    """Of that whole call."""
    position: int = -1
    """Its position among the call's arguments."""
    arguments: tuple[Argument, ...] = ()
    form: Form = Form.OTHER
    target: Span | None = None
    """`with patch(…) as target`: of the target name; None without `as`."""
    holder: int = -1
    """The function scope that a DECORATOR stands on."""
    body: Span | None = None
    """Of the first statement in the body of the `with` or of the decorated function (after its docstring)."""
    is_key: bool = False
    """A key of a dict display or a constant subscript."""


class Dynamic(NamedTuple):
    """A call that reads or writes names in ways that analysis cannot follow:
    `globals()`, `locals()`, `vars()`, `eval()`, `exec()`, `import_module()`, `__import__()`,
    `getattr(obj, expression)`, `setattr(obj, expression, …)`, `sys.modules`, `obj.__dict__`."""

    what: str
    span: Span
    scope: int
    statement: int
    subject: Ref | None
    """The first argument (`getattr(subject, …)`), what `.__dict__` is taken of, or what `.patch()` is called on."""
    literal: str | None
    """The constant name, where the next step is one: `globals()["x"]`, `import_module("a.b")`."""
    prefix: str = ""
    """The constant beginning of an f-string or concatenation: `import_module(f"plugins.{name}")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One top-level statement of the module."""

    kind: str
    """The syntax node: `Assign`, `AnnAssign`, `Expr`, `If`, `Try`, `With`, `For`, `FunctionDef`, `Import`, …"""
    span: Span
    """With decorators."""
    binds: tuple[str, ...]
    """Module-level names that it binds, in order, each once; not those of functions under `global`."""
    targets: tuple[str, ...] = ()
    """Of `a = b = value` and `a, b = value`: the plain names, when there are only plain names."""
    target_form: str = ""
    """`name`, `tuple` or `chain` for an assignment to plain names; empty otherwise."""
    value: Ref | None = None
    value_span: Span | None = None
    annotation_span: Span | None = None
    annotation_names: frozenset[str] = frozenset()
    """Names that the annotation mentions."""
    receiver: str | None = None
    """`x` of the statements `x.m(...)`, `x.a = v`, `x[k] = v`, `x += v`, `del x[k]`, and of any of
    `f(x.m, …)` where it is the first name among the arguments of a call statement."""
    is_docstring: bool = False
    shares_line: bool = False
    """Another statement stands on one of its lines."""
    contains: frozenset[str] = frozenset()
    """Syntax that cannot move into a function or changes there: `star import`, `import`, `def`, `class`,
    `global`, `del`, `await`, `yield`, `locals`, `comment directive`."""
    guard: str | None = None
    """`main` for `if __name__ == "__main__":`, `typing` for `if TYPE_CHECKING:`."""
    body: Span | None = None
    """Of the first statement under the guard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything lazify knows of one file."""

    statements: tuple[Statement, ...]
    scopes: tuple[Scope, ...]
    bindings: dict[str, tuple[Binding, ...]]
    """Of module-level names, in source order."""
    imports: tuple[Import, ...]
    uses: dict[str, tuple[Use, ...]]
    """By name, in source order."""
    mentions: tuple[Mention, ...]
    dynamics: tuple[Dynamic, ...]
    exports: tuple[tuple[str, Span], ...] | None
    """The strings of `__all__` where it is a plain display (also with `+=` of displays); None without one."""
    exports_are_dynamic: bool
    """`__all__` is computed in a way that cannot be followed."""
    words: frozenset[str]
    """Every identifier and attribute name in the file, and those inside its dotted strings."""
    changes: tuple[tuple[int, Ref], ...]
    """What functions and lambdas rebind or change in place: the scope, and what, if they import its first name or
    the module binds it."""
    rebound: frozenset[str]
    """The attributes that any code binds on classes and modules."""
    quoted_imports: frozenset[str]
    """Modules that code in strings imports, perhaps, and the packages around them: dotted names as written."""
    ignores: dict[int, frozenset[str]]
    """Line to the codes that `# lazify: ignore[…]` names there; an empty set ignores all."""
    ignores_file: bool
    future_annotations: bool
    lines: int
    newline: str
    """The first newline of the file: `\\n`, `\\r\\n` or `\\r`."""
    insertion_line: int
    """The line after which an import may be inserted: past the docstring and `__future__` imports, else 0."""
