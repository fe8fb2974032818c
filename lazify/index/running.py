"""What code does by itself when it runs: the operations of its body, one by one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lazify.index import wording
from lazify.index.abstract import (
    Bindings,
    Class,
    Data,
    Function,
    Given,
    Instance,
    Made,
    OfModule,
    Outside,
    Unknown,
    Value,
    Values,
    marks,
)
from lazify.index.attribute_names import AttributeNames, bound_values
from lazify.index.attributes import AttributeReads
from lazify.index.callees import HARMLESS_METHODS, Callees
from lazify.index.changes import MUTATORS, is_mutator
from lazify.index.closures import captured
from lazify.index.codes import Code
from lazify.index.frames import Followed, Frame
from lazify.index.modules import Module
from lazify.index.needs import Needs
from lazify.index.ordering import in_order
from lazify.index.reading_state import StateReads
from lazify.index.redefined import bound_above
from lazify.index.sites import Site, unseen
from lazify.index.state import State
from lazify.index.steps import Edge, Hop, Key, Leaf, Run, Runs, Steps
from lazify.index.values import Evaluator
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Ref

_READING = HARMLESS_METHODS - MUTATORS - {"get"}
"""Methods of builtin types that change nothing of what they are called on; `get` may be that of a queue."""


class Running:
    """Works out the steps of code."""

    def __init__(self, evaluator: Evaluator, state: State) -> None:
        """Evaluate the operands of operations with `evaluator`."""
        self._evaluator = evaluator
        self._state = state
        self.runs = Runs()
        names = AttributeNames(evaluator)
        self._callees = Callees(evaluator, self.runs, Needs(evaluator, names))
        self._attributes = AttributeReads(evaluator, self._callees, names)
        self._bodies: dict[Code, tuple[Followed, ...]] = {}
        self._reads = StateReads(evaluator.project, state)
        self._statements: dict[Code, dict[int, list[Followed]]] = {}

    def body(self, run: Run) -> Steps:
        """The steps of a whole body: of a function, a class or a module that is imported."""
        steps = self._steps(self._of_body(run.code), run, self._reads.of_scope(run.code))
        if run.code.kind != "module":
            return steps
        # What a module does to its own names while it is imported, nobody else sees.
        kept = tuple(leaf for leaf in steps.leaves if not _is_own_state(leaf, run.code.module))
        return steps._replace(leaves=kept)

    def statement(self, module: Module, number: int) -> Steps:
        """The steps of one top-level statement; the bodies of modules that it imports are not among them."""
        code = self._evaluator.codes.of(module, MODULE)
        operations = (
            each for each in self._at_import(code).get(number, ()) if each.operation.does is not Does.IMPORT
        )
        return self._steps(operations, self.runs.of(code), self._reads.of_statement(code, number))

    def _at_import(self, code: Code) -> dict[int, list[Followed]]:
        """What each top-level statement runs."""
        if code not in self._statements:
            found: dict[int, list[Followed]] = defaultdict(list)
            for known in self._of_body(code):
                found[known.operation.statement].append(known)
            self._statements[code] = found
        return self._statements[code]

    def _of_body(self, code: Code) -> tuple[Followed, ...]:
        """What the code runs, and its reads of attributes that only bind or return what they give."""
        if code not in self._bodies:
            bound = (
                Operation(Does.READ, ref, span, statement)
                for ref, span, statement in bound_values(code)
                if self._attributes.within(ref, code)
            )
            run = (operation for operation in code.scope.operations if not operation.deferred)
            followed = [Followed(each, tuple(self._read(each, code))) for each in (*run, *bound)]
            known = {(read, each.operation.statement) for each in followed for read in each.reads}
            followed += (
                Followed(Operation(Does.READ, ref, span, statement), (ref,))
                for ref, span, statement in self._attributes.of_uses(code)
                if (ref, statement) not in known
            )
            self._bodies[code] = tuple(o for o in followed if o.reads or o.operation.does is not Does.READ)
        return self._bodies[code]

    def _read(self, operation: Operation, code: Code) -> Iterator[AttributeRef]:
        if operation.does in (Does.CALL, Does.READ):
            for ref in (operation.subject, *(argument.ref for argument in operation.arguments)):
                yield from self._attributes.within(ref, code)

    def _steps(self, operations: Iterable[Followed], run: Run, reads: Iterable[Leaf]) -> Steps:
        leaves: dict[Key, Leaf] = {}
        edges: dict[Run, Edge] = {}
        frame = Frame(self._evaluator.closures, run.code, run.bindings)
        for operation in operations:
            for step in self._of_operation(operation, frame):
                if isinstance(step, Edge):
                    edges.setdefault(step.target, step)
                else:
                    leaves.setdefault(step.key, step)
        for leaf in reads:
            leaves.setdefault(leaf.key, leaf)
        return Steps(tuple(leaves.values()), tuple(edges.values()))

    def _of_operation(self, known: Followed, frame: Frame) -> tuple[Leaf | Edge, ...]:
        """The steps of one operation, worked out once for all runs in which its operands are the same."""
        found = known.steps.get(tuple(map(frame.value, known.operands)))
        if found is None:
            frame.asked.clear()
            reads = self._attribute_reads(known, frame)
            found = (*reads, *self._operation(known.operation, frame))
            known.keep(found, frame)
        return found

    def _operation(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        match operation.does:
            case Does.CALL:
                return self._call(operation, frame)
            case Does.ITEM:
                return self._item(operation, frame)
            case Does.IMPORT:
                return self._import(operation, frame.code)
            case Does.CLASS:
                return self._class(operation, frame)
            case Does.WRITE:
                return self._write(operation, frame)
            case Does.MUTATE:
                return self._changed(operation, self._values(operation.subject, operation, frame), frame.code)
            case Does.RAISE:
                return self._raise(operation, frame)
            case Does.READ:
                return iter(())

    def _values(self, ref: Ref | None, operation: Operation, frame: Frame) -> Values:
        evaluator = self._evaluator
        return evaluator.closures.settled(frame.ask(evaluator.evaluate(ref, frame.code, operation.span)))

    def _call(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        subject, code = operation.subject, frame.code
        is_decorator = any(argument.span == operation.span for argument in operation.arguments)
        text = f"@{wording.expression(subject)}" if is_decorator else None
        hop = Hop(code, operation.span, text, subject, operation.arguments)
        site = Site(code=code, arguments=operation.arguments, ask=frame.ask)
        called = bound_above(self._values(subject, operation, frame), operation, code)
        yield from self._callees.of(called, site, (hop,), subject)
        if isinstance(subject, AttributeRef):
            yield from self._method_changes(operation, frame, subject)
        is_reading = isinstance(subject, AttributeRef) and subject.name in _READING
        if any(_changes_what_holds_it(each, subject, is_reading=is_reading) for each in called):
            yield from self._changed(operation, marks(called), code)

    def _attribute_reads(self, followed: Followed, frame: Frame) -> Iterator[Leaf | Edge]:
        for read in followed.reads:
            values = self._values(read.value, followed.operation, frame)
            if running := self._attributes.running(read.name, values):
                hop = Hop(frame.code, followed.operation.span, wording.expression(read))
                yield from self._attributes.steps(read.name, running, frame.code, (hop,))

    def _method_changes(
        self, operation: Operation, frame: Frame, method: AttributeRef
    ) -> Iterator[Leaf | Edge]:
        """A method that is not read here changes what it is called on, if its name or the knowledge base says so."""
        held = marks(self._values(method.value, operation, frame))
        if held and self._callees.changes_owner(
            self._values(method, operation, frame), is_mutator(method.name)
        ):
            yield from self._changed(operation, held, frame.code)

    def _item(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        for value in in_order(self._values(operation.subject, operation, frame)):
            match value:
                case Outside(name) | Made(name):
                    text = wording.item(operation.subject, operation.arguments)
                    hop = Hop(frame.code, operation.span, text)
                    callee = wording.item(name, operation.arguments)
                    yield from self._callees.by_fact(
                        f"{name}.__getitem__", (hop,), callee, operation.arguments
                    )
                case Instance():
                    hop = Hop(
                        frame.code, operation.span, wording.item(operation.subject, operation.arguments)
                    )
                    yield from self._callees.method(value, "__getitem__", unseen(frame.code), (hop,))
                case _:
                    pass

    def _import(self, operation: Operation, code: Code) -> Iterator[Leaf | Edge]:
        item = code.module.facts.imports[operation.index]
        if item.is_lazy:
            return
        for module in self._evaluator.project.imported_modules(code.module, item):
            if module is not code.module:
                hop = Hop(code, item.span, f"import of {module.name}")
                yield Edge(self.runs.of(self._evaluator.codes.of(module, MODULE)), (hop,))

    def _class(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        code = self._evaluator.codes.of(frame.code.module, operation.index)
        hop = Hop(frame.code, operation.span, f"class {code.name}")
        yield Edge(self.runs.of(code, self._closed(code, frame)), (hop,))
        yield from self._callees.defining(code, (hop,))

    def _closed(self, code: Code, frame: Frame) -> Bindings:
        variables = list(captured(code, code.above_all))
        for variable in variables:
            frame.ask(frozenset({Given(*variable)}))
        return frozenset((each, frame.known[each]) for each in variables if each in frame.known)

    def _write(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        subject, code = operation.subject, frame.code
        if isinstance(subject, NameRef):
            if not self._state.is_memo(code.module, subject.name, code):
                yield _state(f"{code.module.name}.{subject.name}", operation, code)
        elif isinstance(subject, AttributeRef) and not code.makes_class(subject.value):
            for name in sorted(filter(None, map(_owner, self._values(subject.value, operation, frame)))):
                yield _state(f"{name}.{subject.name}", operation, code)
            yield from self._changed(operation, marks(self._values(subject.value, operation, frame)), code)

    def _changed(self, operation: Operation, values: Iterable[Value], code: Code) -> Iterator[Leaf]:
        held = frozenset(values)
        names = {mark.qualified for mark in marks(held)} | set(map(_owner, held))
        for name in sorted(filter(None, names)):
            yield _state(name, operation, code)

    def _raise(self, operation: Operation, frame: Frame) -> Iterator[Leaf | Edge]:
        if any(map(self._is_exit, self._values(operation.subject, operation, frame))):
            hop = Hop(frame.code, operation.span, f"raise {wording.expression(operation.subject)}")
            yield Leaf((EffectKind.EXIT, "SystemExit"), (hop,))

    def _is_exit(self, value: Value) -> bool:
        match value:
            case Outside(name):
                return name == "builtins.SystemExit"
            case Data(name):
                return name == "SystemExit"
            case Class(code) | Instance(code):
                return "builtins.SystemExit" in self._evaluator.classes.order(code)
            case _:
                return False


def _changes_what_holds_it(value: Value, called: Ref | None, *, is_reading: bool) -> bool:
    """A closure that changes what it closes over, `ids.__next__` that was taken for later, or who knows what."""
    is_taken = isinstance(called, NameRef)
    match value:
        case Function(code):
            return code.keeps_state
        case Outside(name, is_part):
            return is_taken and is_part and name.rpartition(".")[2] in MUTATORS | {"__next__", "send"}
        case Unknown():
            return not is_reading
        case _:
            return False


def _is_own_state(leaf: Leaf, module: Module) -> bool:
    kind, name = leaf.key
    if kind is not EffectKind.STATE or not name.startswith(f"{module.name}."):
        return False
    return name.removeprefix(f"{module.name}.").partition(".")[0] in module.facts.bindings


def _state(name: str, operation: Operation, code: Code) -> Leaf:
    return Leaf((EffectKind.STATE, name), (Hop(code, operation.span, f"changes {name}"),))


def _owner(value: Value) -> str | None:
    match value:
        case Class(code):
            return code.qualified
        case OfModule(module):
            return module.name
        case Outside(name, is_part=False) if "(" not in name and "[" not in name:
            return name
        case _:
            return None
