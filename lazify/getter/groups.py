"""Which statements together make a value: those that bind its name, and those that only configure it.

    try:                                  # binds client
        client = Client(URL)
    except ClientError:
        client = None
    client.timeout = 5                    # configures client

They move into the getter as they stand, in their order, or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import Occurrences, occurrences, resolve
from lazify.index.project import Defined, External, Project
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    Binding,
    BindingKind,
    CallRef,
    Import,
    ItemRef,
    NameRef,
    Ref,
    Role,
    Statement,
)

MOVABLE = frozenset({"Assign", "AnnAssign", "AugAssign", "With", "Try", "If", "Expr", "Delete"})
IMMOVABLE_SYNTAX = frozenset({"star import", "global", "await", "yield", "locals"})
GOES_ALONG = frozenset({External("atexit.register")})
"""Calls whose argument may be the value, and which mean the same when they run right after it is made."""
_MANY = 4
"""A compound statement that binds so many names is a piece of the program, not the making of a value."""
_LISTED = ("Assign", "AnnAssign", "With")  # whose names the `__all__` has that --keep-names always writes
_TRACES = frozenset({EffectKind.FILE_WRITE, EffectKind.PROCESS, EffectKind.THREAD})
_TEMPORARY = frozenset(
    {BindingKind.WITH, BindingKind.LOOP, BindingKind.EXCEPT, BindingKind.WALRUS, BindingKind.MATCH}
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """The statements of one module that make one value, or several values at once; equal only to itself."""

    module: Module
    names: tuple[str, ...]
    """What other code uses of it, in the order of binding."""
    statements: tuple[int, ...]
    """Numbers of the statements that move, in order; the first is where the getter will stand."""
    occurrences: tuple[Occurrences, ...] = field(repr=False)
    """One for each name."""

    @property
    def first(self) -> Statement:
        """The first statement, where the value is first bound."""
        return self.module.facts.statements[self.statements[0]]

    @property
    def is_single_assignment(self) -> bool:
        """Tell whether all there is to it is `x = value` or `x: T = value`."""
        return (
            len(self.statements) == len(self.names) == 1
            and self.first.target_form == "name"
            and self.first.value_span is not None
        )

    def owns(self, module: Module, statement: int) -> bool:
        """Tell whether that statement moves with the group."""
        return module is self.module and statement in self.statements


def group_of(view: View, module: Module, number: int) -> Group | None:
    """Gather the group that statement `number` belongs to; None where it binds no name that anything uses."""
    statements, names = {number}, tuple(dict.fromkeys(_outputs(view, module, {number})))
    while True:
        grown = statements | {i for name in names for i in _making(view.project, module, name)}
        outputs = tuple(dict.fromkeys(_outputs(view, module, grown)))
        if grown == statements and outputs == names:
            break
        statements, names = grown, outputs
    if (
        not names
        or _binds_imports(module, names)
        or (len(names) >= _MANY and module.facts.statements[number].target_form == "")
    ):
        return None
    found = tuple(occurrences(view.project, module, name) for name in names)
    return Group(module=module, names=names, statements=tuple(sorted(statements)), occurrences=found)


def _binds_imports(module: Module, names: tuple[str, ...]) -> bool:
    """`try: import fast except ImportError: fast = None` chooses a module: that is no making of a value."""
    bindings = (binding for name in names for binding in module.facts.bindings[name])
    return any(binding.kind is BindingKind.IMPORT and binding.scope == MODULE for binding in bindings)


def syntax_problem(view: View, group: Group) -> Problem | None:
    """Say what in the statements themselves keeps them from moving into a function."""
    module, facts = group.module, group.module.facts
    for number in group.statements:
        statement = facts.statements[number]
        if statement.kind not in MOVABLE:
            return problem(
                f"{group.names[0]} is bound by a {statement.kind.lower()} statement", module, statement.span
            )
        if blocked := statement.contains & IMMOVABLE_SYNTAX:
            return problem(
                f"its initialisation holds {min(blocked)}, which a function cannot", module, statement.span
            )
        if statement.guard is not None:
            return problem(
                f"{group.names[0]} is bound under a {statement.guard} guard", module, statement.span
            )
    for name in group.names:
        for binding in facts.bindings[name]:
            if binding.scope == MODULE and (reason := _binding_problem(binding)):
                return problem(f"{name} is {reason}", module, binding.span)
        if any(_reads_itself(module, number, name) for number in group.statements[:1]):
            reason = f"it is made of what {name} was before: a builtin, or a name that came by *"
            return problem(reason, module, group.first.span)
        if (star := _star(view.project, module, name)) is not None:
            return problem(f"{star.module} gives {name} another value by *", module, star.span)
    return None


def _reads_itself(module: Module, number: int, name: str) -> bool:
    """`list = list(rows)`, which nothing has bound before."""
    statement = module.facts.statements[number]
    value = statement.value_span
    return value is not None and any(
        use.statement == number and use.role is Role.LOAD and use.scope == MODULE and value.contains(use.span)
        for use in module.facts.uses.get(name, ())
    )


def _star(project: Project, module: Module, name: str) -> Import | None:
    """Find the star import that binds the name, too: it would still do so when the value has become a getter."""
    source = project.star_source(module, name)
    if source is None or project.lookup(source, name) == Defined(module, name):
        return None
    stars = (item for item in module.facts.imports if item.name == "*")
    return next((item for item in stars if project.source_module(module, item) is source), None)


def _binding_problem(binding: Binding) -> str | None:
    match binding.kind:
        case BindingKind.DELETE:
            return "deleted again"
        case BindingKind.FUNCTION | BindingKind.CLASS:
            return f"also bound by a {binding.kind} definition"
        case _:
            return None


def use_problem(view: View, group: Group) -> Problem | None:
    """Refuse to hide work in a getter that nobody calls: `data = load(); data.upload()`."""
    for found in group.occurrences:
        is_used = any(not group.owns(use.module, use.use.statement) for use in found.uses)
        is_used = is_used or _is_listed(view, found.namespaces[0].name)
        if is_used or found.imports or found.mentions or found.exports:
            return None
    for number in group.statements:
        statement = group.module.facts.statements[number]
        if statement.kind == "Expr":
            return problem("nothing uses it but the statements that follow it", group.module, statement.span)
    return None


def _is_listed(view: View, name: str) -> bool:
    """Tell whether code that nobody here sees uses the name, as the user says."""
    return view.config.keep_names == "always" and not name.startswith("_")


def _making(project: Project, module: Module, name: str) -> Iterator[int]:
    """Yield the statements that bind `name`, and those after the first that only configure it."""
    statements = module.facts.statements
    bound = [
        b.statement for b in module.facts.bindings.get(name, ()) if b.scope == MODULE and not b.is_typing
    ]
    yield from bound
    for number in range(min(bound, default=0) + 1, len(statements)):
        if statements[number].receiver == name and _configures(project, module, statements[number], name):
            yield number


def _configures(project: Project, module: Module, statement: Statement, name: str) -> bool:
    if statement.guard is not None or statement.binds:
        return False
    if statement.kind != "Expr":
        return True
    callee = statement.value.callee if isinstance(statement.value, CallRef) else None
    return root(callee) == NameRef(name, MODULE) or resolve(project, module, callee) in GOES_ALONG


def root(ref: Ref | None) -> Ref | None:
    """Return the name that a chain of attributes, items and calls starts from."""
    match ref:
        case AttributeRef(value, _) | ItemRef(value):
            return root(value)
        case CallRef(callee):
            return root(callee)
        case _:
            return ref


def _outputs(view: View, module: Module, statements: set[int]) -> Iterator[str]:
    """Yield the names that the statements bind and anything else may use."""
    facts = module.facts
    for number in sorted(statements):
        for name in facts.statements[number].binds:
            kinds = {b.kind for b in facts.bindings[name] if b.statement == number and b.scope == MODULE}
            if _is_used_inside(module, name, statements, kinds) or _is_used_outside(
                view, module, name, number, kinds
            ):
                yield name


def unused(group: Group) -> Iterator[str]:
    """Yield the names that the statements bind for good and that nothing uses, as far as can be seen."""
    facts = group.module.facts
    for number in group.statements:
        for name in facts.statements[number].binds:
            kinds = {b.kind for b in facts.bindings[name] if b.statement == number and b.scope == MODULE}
            if name not in group.names and not kinds <= _TEMPORARY:
                yield name


def _is_used_inside(module: Module, name: str, statements: set[int], kinds: set[BindingKind]) -> bool:
    """Tell whether other statements of the module, or functions they define, use the name.

    `with open(a) as f: ...` and `with open(b) as f: ...` have nothing to do with each other.
    """
    others = {use.statement for use in module.facts.uses.get(name, ()) if use.bound == MODULE} - statements
    if kinds <= _TEMPORARY:
        bound = module.facts.bindings[name]
        others -= {b.statement for b in bound if b.scope == MODULE and b.kind in _TEMPORARY}
    return bool(others)


def _is_used_outside(view: View, module: Module, name: str, number: int, kinds: set[BindingKind]) -> bool:
    if any(export == name for export, _ in module.facts.exports or ()):
        return True
    if any(dynamic.literal == name for dynamic in module.facts.dynamics):
        return True
    if kinds <= _TEMPORARY and len(view.project.mentioning(name)) == 1:
        return False
    statement = module.facts.statements[number]
    is_lasting = not kinds <= _TEMPORARY
    is_public = view.is_library and not name.startswith("_") and (is_lasting or statement.target_form)
    if is_public and not _leaves_traces(view, module, number):
        return True
    if _is_listed(view, name) and statement.kind in _LISTED and is_lasting:
        return True
    found = occurrences(view.project, module, name)
    return bool(found.imports or found.stars or found.mentions) or any(
        use.depth or use.module is not module for use in found.uses
    )


def _leaves_traces(view: View, module: Module, number: int) -> bool:
    """Tell whether a statement does what shows without its value: what nobody asks for would never be there."""
    return any(effect.kind in _TRACES for effect in view.effects.of_statement(module, number))
