"""Annotations that name something heavy: who evaluates them, and how they are quoted.

Python itself evaluates an annotation where it stands (below 3.14) and never looks at it again. Frameworks do: they
read signatures and class bodies to learn types. An annotation that nobody evaluates may be a string, whose names
only type checkers look up.
"""

import ast
import sys
from collections.abc import Iterator

from lazify.getter.passages import Passage, Passages
from lazify.getter.problems import Problem, problem
from lazify.imports.compiled import Compilers
from lazify.imports.escapes import Escapes
from lazify.imports.evaluating import Evaluating
from lazify.imports.families import Families
from lazify.imports.hooks import Hooks
from lazify.imports.placement import signature_of
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.changes import Replace
from lazify.model.facts import MODULE, AttributeRef, CallRef, NameRef, Ref, Scope, Use
from lazify.model.places import Span

_HARMLESS = frozenset(
    {
        "builtins.staticmethod",
        "builtins.classmethod",
        "builtins.property",
        "functools.wraps",
        "functools.lru_cache",
        "functools.cache",
        "functools.cached_property",
        "functools.total_ordering",
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
        "abc.abstractmethod",
        "typing.override",
        "typing.final",
        "typing.overload",
        "typing.no_type_check",
        "typing.runtime_checkable",
        "typing_extensions.override",
        "typing_extensions.final",
        "typing_extensions.deprecated",
        "typing_extensions.overload",
        "warnings.deprecated",
        "atexit.register",
        "torch.no_grad",
        "torch.inference_mode",
        "pytest.fixture",
        "retry.retry",
        "tenacity.retry",
        "backoff.on_exception",
    }
)
"""Decorators that leave annotations alone."""
_PROPERTIES = frozenset({"builtins.property", "functools.cached_property"})
_READS_FIELDS = frozenset({"TypedDict", "NamedTuple", "Enum", "Structure"})
"""Classes of the standard library that read the annotations of their subclasses' bodies."""


_READS_FIELDS_ONLY = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.BaseSettings",
        "pydantic_settings.BaseSettings",
        "sqlmodel.SQLModel",
        "msgspec.Struct",
    }
)
"""Classes of frameworks that read the annotations of their subclasses' bodies, and no method's but `__init__`'s
(https://docs.pydantic.dev/latest/concepts/fields, https://jcristharif.com/msgspec/structs.html)."""


class Annotations:
    """Answers for the annotations of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._families = Families(view.project)
        self._escapes = Escapes(view, self._families)
        self._evaluating = Evaluating(view, self._families)
        self.compilers = Compilers(view)
        """Who reads functions in another way than by their annotations."""
        self.hooks = view.once(Hooks)
        self._passages: dict[Module, Passages] = {}
        self._parsed: dict[tuple[Module, Passage], list[tuple[Span, ast.expr]]] = {}

    def problem(self, module: Module, use: Use) -> Problem | None:
        """Say who evaluates the annotation that the use stands in, and why it cannot be quoted."""
        reason = self._evaluator(module, use)
        if reason is not None:
            return problem(f"{reason}, which names {'.'.join((use.name, *use.attributes))}", module, use.span)
        if self.quoted(module, use) is None:
            return problem(f"the annotation with {use.name} cannot be quoted", module, use.span)
        return None

    def quoted(self, module: Module, use: Use) -> Replace | tuple[()] | None:
        """Give the edit that quotes the annotation; () where it needs none, None where it cannot be made."""
        for span, node in self._annotations(module, use.span.line):
            if span.contains(use.span):
                if module.facts.future_annotations or any(
                    self._holds(module, part, use) for part in ast.walk(node)
                ):
                    return ()
                text = self._view.text(module).cut(span)
                code = _as_string(text if span.line == span.end_line else ast.unparse(node))
                return Replace(path=module.path, span=span, code=code) if code else None
        return None

    def _holds(self, module: Module, node: ast.AST, use: Use) -> bool:
        """Tell whether the node is a string that the use stands in."""
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        return is_string and self._lines(module).span(node).contains(use.span)

    def _evaluator(self, module: Module, use: Use) -> str | None:
        scopes = module.facts.scopes
        number = signature_of(module, use)
        is_field = number is None and scopes[use.scope].kind == "class"
        if number is not None:
            evaluating = self._evaluating.function(module, number)
        elif is_field:
            evaluating = self._evaluating.fields(module, use.scope)
        else:
            evaluating = self._evaluating.variable()
        if evaluating is not None:
            return f"{evaluating.name} evaluates annotations like this one"
        if number is not None:
            return self._of_function(module, number)
        if not is_field:
            return None
        return self._of_family(module, use.scope, reads_fields=True)

    def _of_function(self, module: Module, number: int) -> str | None:
        scope = module.facts.scopes[number]
        for decorator in scope.decorators:
            if not self._is_harmless(module, decorator):
                return f"the decorator of {scope.name} may evaluate its annotation"
        if compiler := self.compilers.of(module, number):
            return f"{compiler} compiles {scope.name}, and reads its annotation"
        name = scope.name.rpartition(".")[2]
        owner = module.facts.scopes[scope.parent]
        is_property = any(self._name(module, each) in _PROPERTIES for each in scope.decorators)
        if self._escapes.escapes(module, number, is_property=is_property):
            return f"{scope.name} is handed on and may be asked for its annotation"
        if owner.kind != "class":
            return None
        if name in ("__init__", "__call__", "__new__") and self._escapes.escapes(module, scope.parent):
            return f"{owner.name} is handed on and may be asked for its annotation"
        if name != "__init__" and self._reads_fields_only(module, owner):
            return None
        return self._of_family(module, scope.parent, reads_fields=False)

    def _reads_fields_only(self, module: Module, scope: Scope) -> bool:
        """Tell whether all that the class is made by is known to look at its fields alone."""
        names = [self._name(module, base) for base in scope.bases]
        is_plain = not scope.decorators and scope.metaclass is None
        return is_plain and bool(names) and _READS_FIELDS_ONLY.issuperset(names)

    def _of_class(self, module: Module, scope: Scope, *, reads_fields: bool) -> str | None:
        for decorator in scope.decorators:
            is_method_safe = not reads_fields and self._name(module, decorator) == "dataclasses.dataclass"
            if not (is_method_safe or self._is_harmless(module, decorator)):
                return f"the decorator of {scope.name} may evaluate its annotation"
        if scope.metaclass is not None and self._name(module, scope.metaclass) != "abc.ABCMeta":
            return f"the metaclass of {scope.name} may evaluate its annotation"
        for base in scope.bases:
            if reason := self._of_base(module, base, reads_fields=reads_fields):
                return reason.format(scope.name)
        return None

    def _of_family(self, module: Module, number: int, *, reads_fields: bool) -> str | None:
        """Say who looks at a class, or at one that inherits from it, and so at what it inherits."""
        for where, below in self._families.below(module, number):
            scope = where.facts.scopes[below]
            is_own = (where, below) == (module, number)
            # A dataclass reads what stands in its own body, and asks those above it what they have read.
            reads = reads_fields and (is_own or not self._is_dataclass(where, scope))
            if reason := self._of_class(where, scope, reads_fields=reads):
                return reason
            if reads_fields and self._escapes.escapes(where, below):
                return f"{scope.name} is handed on and may be asked for its annotation"
        return None

    def _is_dataclass(self, module: Module, scope: Scope) -> bool:
        return [self._name(module, each) for each in scope.decorators] == ["dataclasses.dataclass"]

    def _of_base(self, module: Module, base: Ref | None, *, reads_fields: bool) -> str | None:
        while isinstance(base, CallRef):
            base = base.callee
        base = getattr(base, "value", base) if not isinstance(base, NameRef | AttributeRef) else base
        match resolve(self._view.project, module, base):
            case Defined(where, name):
                number = where.facts.scopes[MODULE].definitions.get(name)
                if number is not None and where.facts.scopes[number].kind == "class":
                    scope = where.facts.scopes[number]
                    is_recursive = scope.bases and base in scope.bases
                    return None if is_recursive else self._of_class(where, scope, reads_fields=reads_fields)
            case External(name) if _is_standard(name):
                if not (reads_fields and name.rpartition(".")[2] in _READS_FIELDS):
                    return None
            case Builtin():
                return None
        return "the base class of {} may evaluate its annotation"

    def _is_harmless(self, module: Module, decorator: Ref | None) -> bool:
        if isinstance(decorator, AttributeRef) and decorator.name in ("setter", "getter", "deleter"):
            return True
        return self._name(module, decorator) in _HARMLESS

    def _name(self, module: Module, ref: Ref | None) -> str:
        callee = ref.callee if isinstance(ref, CallRef) else ref
        match resolve(self._view.project, module, callee):
            case External(name):
                return name
            case Builtin(name):
                return f"builtins.{name}"
            case None if isinstance(callee, NameRef) and callee.scope == MODULE:
                return f"builtins.{callee.name}" if callee.name not in module.facts.bindings else ""
            case _:
                return ""

    def _annotations(self, module: Module, line: int) -> list[tuple[Span, ast.expr]]:
        """List the annotations in the passage with that line."""
        if module not in self._passages:
            self._passages[module] = Passages(module, self._view.text(module))
        passage = self._passages[module].at(line)
        assert passage is not None
        if (module, passage) not in self._parsed:
            span = self._lines(module).span
            tree = self._passages[module].parsed((passage,))
            self._parsed[module, passage] = [(span(node), node) for node in _expressions(tree)]
        return self._parsed[module, passage]

    def _lines(self, module: Module) -> Lines:
        return Lines(self._view.text(module).whole)


def _is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names | {"typing_extensions"}


def _expressions(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
                yield annotation
            case (
                ast.FunctionDef(returns=ast.expr() as returns)
                | ast.AsyncFunctionDef(returns=ast.expr() as returns)
            ):
                yield returns


def _as_string(text: str) -> str | None:
    """Quote an expression; None where its own quotes leave none."""
    for quote in ('"', "'"):
        if quote not in text and "\\" not in text:
            return f"{quote}{text}{quote}"
    return None
