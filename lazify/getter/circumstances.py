"""What a value's making depends on and the program itself changes: the making would find something else later."""

import re
from collections.abc import Iterator

from lazify.getter.aliases.files import paths_among, texts_with_paths
from lazify.getter.aliases.folders import files_in
from lazify.getter.class_state import text_of_making
from lazify.getter.drawn import drawn_problem
from lazify.getter.forked import forked_problem
from lazify.getter.giving import giving_problem
from lazify.getter.groups import Group
from lazify.getter.importing import IMPORTERS, import_problem
from lazify.getter.inputs import direct_inputs
from lazify.getter.locks import lock_problem
from lazify.getter.problems import Problem, problem
from lazify.getter.python_state import python_state_problem
from lazify.getter.registering import registering_problem
from lazify.getter.sent import sent_problem
from lazify.getter.sought import sought_problem
from lazify.getter.sourced import source_problem
from lazify.getter.tested import MOVES, Tested
from lazify.getter.turns import ends, turn_problem
from lazify.getter.variables import variable_problem
from lazify.index.view import View, runs_in_service
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation
from lazify.model.places import Place, Span

_WRITES_PATH = frozenset(
    {"write_text", "write_bytes", "unlink", "rename", "replace", "touch", "remove", "truncate"}
)
_IN_FOLDERS = frozenset({EffectKind.FILE_READ, EffectKind.FILE_WRITE, EffectKind.DATABASE})
_ABSOLUTE = frozenset({"abspath", "absolute", "realpath", "relpath", "resolve"})
_ASKS_FOLDER = re.compile(r"\b(?:getcwdb?|cwd)\(\)")
_BY_IMPORT_SYSTEM = ("importlib.", "pkg_resources.", "inspect.", "pkgutil.")
_PREPARES = frozenset({EffectKind.DATABASE, EffectKind.FILE_WRITE})
_STACK_WORDS = frozenset(
    {
        "_getframe", "extract_stack", "f_back", "f_code", "f_lasti", "f_lineno", "findCaller", "format_stack",
        "getframeinfo", "getouterframes", "print_stack", "stack", "walk_stack",
    }
)  # fmt: skip
_STACK = re.compile(
    r"\bf_(?:code|lasti|lineno)\b|\bf_back\s*\.\s*f_back\b|\b_getframe\(\s*[2-9]|\bstack\(\s*\)"
    r"|\b(?:getouterframes|getframeinfo|findCaller|(?:extract|format|print|walk)_stack)\b"
)
"""What tells the line or the function that code stands in; the variables of the module are the getter's, too."""
_WRITE_MODES = frozenset("wax+")


def body_problem(view: View, group: Group) -> Iterator[Problem]:
    """Say the same of statements that make more than values: the whole body of a module."""
    checks = (
        python_state_problem,
        _file_written,
        _prepared,
        _folder_changed,
        turn_problem,
        giving_problem,
        registering_problem,
        lock_problem,
        _frame_read,
        sought_problem,
    )
    for check in checks:
        yield from check(view, group)


def circumstance_problem(view: View, group: Group) -> Problem | None:
    """Say what changes between the import and the first use, as far as the project's own code shows."""
    checks = (
        variable_problem,
        python_state_problem,
        _file_written,
        _file_put_out,
        _prepared,
        _folder_changed,
        turn_problem,
        drawn_problem,
        forked_problem,
        giving_problem,
        registering_problem,
        import_problem,
        lock_problem,
        _only_ended,
        _doctest,
        _frame_read,
        _imports_computed,
        sought_problem,
        sent_problem,
        source_problem,
    )
    return next((found for check in checks for found in check(view, group)), None)


def _frame_read(view: View, group: Group) -> Iterator[Problem]:
    """`names = sorted(caller())`, where `caller` looks at the variables of who calls it: a getter has others."""
    readers = view.project.mentioning("f_locals")
    if readers:
        reached = view.effects.reached((group.module, number) for number in group.statements)
        for module in readers:
            for dynamic in module.facts.dynamics:
                if dynamic.what == "f_locals" and (module.path, dynamic.scope) in reached:
                    yield problem(
                        "making it reads variables of the code that it is made in", module, dynamic.span
                    )
    if any(view.project.mentioning(word) for word in _STACK_WORDS) and _STACK.search(
        text_of_making(view, group)
    ):
        yield problem("making it looks at the code that it is made in", group.module, group.first.span)


def _imports_computed(view: View, group: Group) -> Iterator[Problem]:
    """`store = load(f"stores.{kind}")`: what the body of that module does would come later, too."""
    importers = dict.fromkeys(m for word in sorted(IMPORTERS) for m in view.project.mentioning(word))
    if not importers:
        return
    reached = view.effects.reached((group.module, number) for number in group.statements)
    for module in importers:
        for dynamic in module.facts.dynamics:
            is_own = dynamic.scope == MODULE and group.owns(module, dynamic.statement)
            is_computed = dynamic.what in IMPORTERS and not dynamic.literal
            if is_computed and (is_own or (module.path, dynamic.scope) in reached):
                yield problem("making it imports a module by a computed name", module, dynamic.span)


def _operations(group: Group) -> Iterator[Operation]:
    for operation in group.module.facts.scopes[MODULE].operations:
        if operation.statement in group.statements:
            yield operation


def _paths(group: Group) -> Iterator[str]:
    for operation in _operations(group):
        for argument in operation.arguments[:1]:
            if isinstance(argument.constant, str) and operation.does is Does.CALL:
                yield argument.constant


def _file_written(view: View, group: Group) -> Iterator[Problem]:
    """A function of the module writes the file that the value is read from."""
    if not _has(view, group, EffectKind.FILE_READ):
        return
    paths = set(_paths(group))
    for number, scope in enumerate(group.module.facts.scopes):
        operations = [o for o in scope.operations if number != MODULE or o.statement not in group.statements]
        writes = [o for o in operations if _is_write(o)]
        named = any(a.constant in paths for o in operations for a in o.arguments[:1] if a.constant)
        if writes and named:
            yield problem("the program writes the file that it is read from", group.module, writes[0].span)


def _file_put_out(_: View, group: Group) -> Iterator[Problem]:
    """`with open("report.txt", "w") as file: lines = […]; …`: others look for the file, and not for `lines`.

    Where the file is the value, `log = open("a.log", "w")`, who needs it asks for that.
    """
    statements = group.module.facts.statements
    for operation in _operations(group):
        is_beside = statements[operation.statement].kind not in ("Assign", "AnnAssign")
        if is_beside and _is_write(operation):
            yield problem("making it writes a file for others to read", group.module, operation.span)


def _prepared(view: View, group: Group) -> Iterator[Problem]:
    """`db.execute("create table …")` prepares a database that others open by themselves."""
    statements = group.module.facts.statements
    prepares = any(
        statements[number].kind == "Expr"
        and any(e.kind in _PREPARES for e in view.effects.of_statement(group.module, number))
        for number in group.statements
    )
    paths = {path for path in _paths(group) if path and path != ":memory:"} if prepares else set()
    for module in view.project.modules.values() if paths else ():
        for operation in (o for scope in module.facts.scopes for o in scope.operations if o.arguments):
            is_own = group.owns(module, operation.statement)
            is_opened = operation.does is Does.CALL and operation.arguments[0].constant in paths
            if is_opened and not is_own and runs_in_service(module):
                reason = f"{operation.arguments[0].constant!r}, which it prepares, is opened by others too"
                yield problem(reason, module, operation.span)


def _is_write(operation: Operation) -> bool:
    if operation.does is not Does.CALL:
        return False
    name = operation.subject.name if isinstance(operation.subject, AttributeRef | NameRef) else ""
    if name in _WRITES_PATH:
        return True
    modes = (a.constant for a in operation.arguments[1:] if a.keyword in (None, "mode"))
    return name == "open" and any(isinstance(mode, str) and _WRITE_MODES & set(mode) for mode in modes)


def _folder_changed(view: View, group: Group) -> Iterator[Problem]:
    """`os.chdir()` with a relative path to open."""
    if not any(view.project.mentioning(word) for word in MOVES):
        return
    is_asked = _ASKS_FOLDER.search(text_of_making(view, group)) is not None
    is_by_path = _is_relative(view, group) and _depends_on_folder(view, group)
    if _starts_from_file(view, group) or not (is_asked or is_by_path):
        return
    for module in dict.fromkeys(module for word in MOVES for module in view.project.mentioning(word)):
        if runs_in_service(module):
            for use in (use for uses in module.facts.uses.values() for use in uses):
                if not {use.name, *use.attributes[-1:]}.isdisjoint(MOVES):
                    yield problem("the program changes its working folder", module, use.span)
    for module, line in view.once(Tested).folders(group.module):
        yield problem(
            f"a test changes its working folder after it imported {group.module.name}",
            module,
            Span(line, 0, line, 0),
        )


def _is_relative(view: View, group: Group) -> bool:
    """Tell whether a path that begins nowhere is spelled where the making runs, or where its names are bound."""
    if any(not path.startswith(("/", "http", ":")) for path in _paths(group)):
        return True
    inputs = [each for number in group.statements for each in direct_inputs(view, group, number)]
    texts = texts_with_paths(view, group, paths_among(view, inputs), inputs)
    return any(file.is_relative for text in texts for file in files_in(text))


def _starts_from_file(view: View, group: Group) -> bool:
    """`Path(__file__).parent / "rules"` is the same in any folder."""
    spans = [group.module.facts.statements[number].span for number in group.statements]
    return all("__file__" in view.text(group.module).cut(span) for span in spans)


def _depends_on_folder(view: View, group: Group) -> bool:
    """Tell whether a file is read by its path, or a path made absolute: imports find theirs in any folder."""
    names = {each.subject.name for each in _operations(group) if isinstance(each.subject, AttributeRef)}
    return not names.isdisjoint(_ABSOLUTE) or any(
        effect.kind in _IN_FOLDERS and not effect.callee.startswith(_BY_IMPORT_SYSTEM)
        for number in group.statements
        for effect in view.effects.of_statement(group.module, number)
    )


def _only_ended(view: View, group: Group) -> Iterator[Problem]:
    """Work that begins with the making, and whose object only serves to end it, would never begin."""
    uses = [u for found in group.occurrences for u in found.uses if not group.owns(u.module, u.use.statement)]
    if not uses or not (_has(view, group, EffectKind.THREAD) or _has(view, group, EffectKind.PROCESS)):
        return
    if all(map(ends, uses)):
        reason = (
            f"nothing uses {group.names[0]} but to end the work it begins: the author decides when that is"
        )
        yield problem(reason, uses[0].module, uses[0].span)


def _doctest(view: View, group: Group) -> Iterator[Problem]:
    names = "|".join(map(re.escape, group.names))
    example = re.compile(rf"^[ \t]*(>>>|\.\.\.)[^\n]*\b({names})\b", re.MULTILINE)
    for module in {namespace.module for found in group.occurrences for namespace in found.namespaces}:
        text = view.text(module).whole
        if match := example.search(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Problem(
                f"a doctest uses {group.names[0]} ({module.path.name}:{line})",
                Place(module.path, Span(line, 0, line, 0)),
            )


def _has(view: View, group: Group, kind: EffectKind) -> bool:
    return any(
        effect.kind is kind for n in group.statements for effect in view.effects.of_statement(group.module, n)
    )
