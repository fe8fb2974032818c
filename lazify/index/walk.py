"""The state of the one pass over a syntax tree: what has been found, and where the pass stands."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from lazify.index.binders import Names
from lazify.index.drafts import CLASS, MODULE_BODY, Draft, Frame
from lazify.index.lines import Lines, new
from lazify.model.facts import (
    MODULE,
    Argument,
    Binding,
    BindingKind,
    Does,
    Dynamic,
    Form,
    Import,
    Mention,
    NameRef,
    Operation,
    Ref,
    Role,
    Use,
)
from lazify.model.places import Span

Visit = Callable[["Walk", Any], Ref | None]
Run = Callable[["Walk", Any], None]


class Step(NamedTuple):
    """An expression and the string that subscripts it, as far as that is constant."""

    node: ast.expr
    """Kept alive: its id must not pass to another."""
    literal: str | None
    prefix: str = ""
    """How a computed one begins."""


class CallForm(NamedTuple):
    """What surrounds a call directly, for its mentions."""

    form: Form = Form.OTHER
    target: Span | None = None
    holder: int = -1
    body: Span | None = None


PLAIN = CallForm()
LOAD = Role.LOAD


class Walk:
    """Everything the handlers of nodes share."""

    __slots__ = (
        "bindings",
        "binds",
        "block",
        "catches",
        "contains",
        "deferred",
        "draft",
        "drafts",
        "dynamics",
        "end",
        "expressions",
        "form",
        "formats",
        "frame",
        "future_annotations",
        "has_environment",
        "has_odd_attributes",
        "has_private_names",
        "has_steps",
        "imports",
        "in_function",
        "is_main",
        "is_quoted",
        "is_typing",
        "is_unlocated",
        "known",
        "lazy",
        "lines",
        "loops",
        "mentions",
        "module_names",
        "operations",
        "present",
        "reads",
        "role",
        "span",
        "statement",
        "statements",
        "steps",
        "sys_names",
        "uses",
        "value",
        "walrus_lines",
        "words",
    )

    def __init__(
        self, lines: Lines, module: Names, expressions: Mapping[Any, Visit], statements: Mapping[Any, Run]
    ) -> None:
        """Begin at the module's first statement."""
        self.lines, self.expressions, self.statements = lines, expressions, statements
        self.span: Callable[[Any], Span] = lines.span
        self.end: Callable[[Any], tuple[int, int]] = lines.end
        self.walrus_lines: list[int] = []
        self.lazy: frozenset[ast.stmt] = frozenset()
        self.future_annotations = False
        self.has_private_names = False
        self.has_environment = False  # `os.environ` may occur
        self.has_odd_attributes = False  # `obj.__dict__` or `sys.modules` may occur
        self.has_steps = False  # `globals().get("x")` and the like may occur
        # What has been found.
        self.drafts = [Draft(MODULE, MODULE_BODY, "", -1, 0)]
        self.uses: defaultdict[str, list[Use]] = defaultdict(list)
        self.bindings: defaultdict[str, list[Binding]] = defaultdict(list)
        self.imports: list[Import] = []
        self.mentions: list[Mention] = []
        self.dynamics: list[Dynamic] = []
        self.words: set[str] = set()
        # Where the pass stands.
        self.draft = self.drafts[MODULE]
        self.draft.names = module
        self.frame = Frame(MODULE_BODY, self.draft, None, module)
        self.known = self.frame.known
        self.operations = self.draft.operations
        self.reads = self.draft.reads
        self.statement = 0
        self.role = LOAD
        self.is_unlocated = False
        self.is_quoted = False
        self.deferred = False
        self.in_function = False
        self.is_main = False
        self.is_typing = False
        self.block = 0  # depth of the blocks within the current scope's body
        self.loops = 0
        self.present: frozenset[str] | set[str] = frozenset()  # keys that the environment is known to have
        self.catches: frozenset[str] | None = None
        self.form = PLAIN
        self.steps: dict[int, Step] = {}  # by the id of an expression
        self.formats: set[int] = set()  # ids of the calls of `locals()` of which only some names are asked
        self.sys_names = {"sys"}  # names of the module `sys`
        self.module_names = module.bound
        # Of the current top-level statement.
        self.binds: dict[str, None] = {}
        self.contains: set[str] = set()
        self.value: Ref | None = None

    def visit(self, node: ast.expr) -> Ref | None:
        """Record what evaluating an expression does, and tell what it gives."""
        return self.expressions[type(node)](self, node)

    def run(self, body: list[ast.stmt]) -> None:
        """Record what running some statements does."""
        statements = self.statements
        for node in body:
            statements[type(node)](self, node)

    def nested(self, body: list[ast.stmt]) -> None:
        """Record a block that may not run, or not once."""
        self.block += 1
        self.run(body)
        self.block -= 1

    def emit(
        self,
        does: Does,
        subject: Ref | None,
        span: Span,
        arguments: tuple[Argument, ...] = (),
        index: int = -1,
    ) -> None:
        """Add an operation to the current scope."""
        self.operations.append(
            new(Operation, (does, subject, span, self.statement, arguments, index, self.is_main))
        )

    def add_binding(self, name: str, kind: BindingKind, span: Span, index: int = -1) -> None:
        """Record that the current code binds a module-level name."""
        number = self.draft.number
        self.bindings[name].append(
            new(Binding, (name, kind, number, self.statement, span, index, self.is_typing))
        )
        if number != MODULE and kind is not BindingKind.ANNOTATE:
            self.emit(Does.WRITE, NameRef(name, MODULE), span)
        if not self.in_function and kind is not BindingKind.DELETE:
            self.binds[name] = None

    @contextmanager
    def acting(self, role: Role) -> Iterator[None]:
        """Give `role` to the uses inside."""
        before, self.role = self.role, role
        yield
        self.role = before

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Record no operations: the code inside does not run where it stands."""
        before = self.operations, self.reads
        self.operations, self.reads = [], set()
        yield
        self.operations, self.reads = before

    def step_into(self, frame: Frame) -> Frame:
        """Resolve names in `frame`, of the current scope, until `step_back` to what this returns."""
        before, self.frame, self.known = self.frame, frame, frame.known
        return before

    def step_back(self, before: Frame) -> None:
        """Undo `step_into`."""
        self.frame, self.known = before, before.known

    def enter(self, frame: Frame) -> "Saved":
        """Record for `frame`, a class, function or lambda, until `leave` with what this returns."""
        draft = frame.draft
        before = (
            self.frame, self.draft, self.operations, self.reads, self.role, self.deferred,
            self.in_function, self.catches, self.block, self.loops,
        )  # fmt: skip
        is_class = draft.kind is CLASS
        if self.is_typing or (is_class and self.operations is not self.draft.operations):
            self.operations, self.reads = [], set()
        else:
            self.operations, self.reads = draft.operations, draft.reads
        self.frame, self.known, self.draft = frame, frame.known, draft
        self.role, self.block, self.loops = LOAD, 0, 0
        if not is_class:
            self.deferred = self.in_function = True
            self.catches = None
        return before

    def leave(self, before: "Saved") -> None:
        """Undo `enter`."""
        (
            self.frame, self.draft, self.operations, self.reads, self.role, self.deferred,
            self.in_function, self.catches, self.block, self.loops,
        ) = before  # fmt: skip
        self.known = self.frame.known


Saved = tuple[Frame, Draft, list[Operation], set[object], Role, bool, bool, frozenset[str] | None, int, int]
"""Where the pass stood."""
