"""Imports that may fail: `try: import clip; FLAG = True / except ImportError: FLAG = False`, or `clip = None`.

What the rest of the module learns from them is whether the package is there. `find_spec` tells that without
importing it.
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lazify.getter.additions import may_import
from lazify.getter.problems import Problem, problem
from lazify.imports.asked import none_tests
from lazify.imports.guard import FIND, Guard, binding_problem, catches_import_errors
from lazify.imports.raising import raises, read_raising
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import Text, View
from lazify.knowledge.heavy import costs
from lazify.knowledge.packages import may_fail_installed
from lazify.model.changes import AddImport, Edit, Erase, Replace
from lazify.model.facts import MODULE, Import
from lazify.model.places import Span
from lazify.statements import parse

_NAMESPACES = frozenset(
    {"azure", "backports", "google", "jaraco", "nvidia", "opentelemetry", "ruamel", "sphinxcontrib", "zope"}
)
"""Packages that are there as soon as any of their parts is."""
_ENDS = re.compile(r"(?:sys\.exit|os\._exit|exit|quit)\(")
_OF_EXCEPTIONS = frozenset(
    {"exc_info", "exception", "format_exc", "last_exc", "print_exc", "print_exception", "print_last"}
)
"""Names that say something of the exception that is being handled: `log.exception`, `exc_info=True`."""
_PRAGMA = re.compile(
    r"#\W*(?:noqa|nosec|pragma|pylint|pyright|pyrefly|mypy|type|ty|fmt|isort|yapf|flake8|ruff)\b"
)


def read_guard(view: View, module: Module, number: int) -> Guard | Problem:
    """Understand the guard, or say what in it would get another meaning."""
    statement = module.facts.statements[number]
    text = view.text(module)
    items = [i for i in module.facts.imports if i.statement == number and i.scope == MODULE]
    node = parse(textwrap.dedent(text.cut(statement.span))).body[0] if statement.kind == "Try" else None
    if not isinstance(node, ast.Try) or node.finalbody or statement.shares_line:
        return problem(f"whether {items[0].binds} is imported depends on something", module, items[0].span)
    packages = tuple(dict.fromkeys(item.module.partition(".")[0] for item in items))
    for item in items:
        if view.project.source_module(module, item) is not None or item.level or item.name == "*":
            return problem("the guarded import is one of the project itself", module, item.span)
    if raises(node):
        lines = "".join(map(text.line, range(statement.span.line, statement.span.end_line + 1)))
        return read_raising(module, node, items, lines)
    found = _understood(node, {item.binds for item in items}, text.cut(statement.span))
    if isinstance(found, str):
        return problem(found, module, statement.span)
    for item in items:
        top = item.module.partition(".")[0]
        if not costs().has(top, item.module):
            return problem(f"{top} may be there without {item.module}", module, item.span)
        if may_fail_installed(top):
            return problem(f"{top} may be installed and fail to be imported", module, item.span)
        if top in _NAMESPACES:
            return problem(f"parts of {top} may be there without others", module, item.span)
    flags, nones, rest = found
    if wrong := binding_problem(module, number, items, (*flags, *nones)):
        return wrong
    if means_otherwise(view, module, FIND, source="importlib.util"):
        return problem(f"{FIND} means something else here", module, statement.span)
    comments = list(_comments(text, statement.span, node))
    guard = Guard(
        statement=number,
        span=statement.span,
        packages=packages,
        flags=flags,
        nones=nones,
        rest=rest,
        comments=tuple(comment for comment, _ in comments),
        is_commented=any(has_line for _, has_line in comments),
        ends=bool(rest) and _ENDS.match(rest[-1]) is not None,
    )
    return _with_tests(view, module, guard)


def guard_edits(module: Module, guard: Guard, *, has_flag: bool) -> Iterator[Edit]:
    """Yield the edits that put flags in the place of the imports, if anybody asks for one."""
    if not has_flag:
        yield Erase(path=module.path, span=guard.span, keeps_comments=True)
        return
    lines = [*guard.comments]
    if not guard.is_asked_once:
        lines.append(f"{guard.flag} = {guard.is_there}")
        lines += [f"{flag} = {guard.flag}" for flag in guard.flags[1:]]
    if guard.rest:
        lines.append(f"if {guard.is_missing if guard.is_asked_once else f'not {guard.flag}'}:")
        lines += [textwrap.indent(statement, "    ") for statement in guard.rest]
    yield from guard.defaults
    yield Replace(path=module.path, span=guard.span, code="\n".join(lines) + "\n")
    yield AddImport(path=module.path, module="importlib.util", name=FIND)
    yield from dict.fromkeys(guard.tests.values())


def means_otherwise(view: View, module: Module, name: str, *, source: str) -> bool:
    """Tell whether the module means anything else by a name than what it would import from `source`."""
    found = [i for i in module.facts.imports if i.binds == name]
    is_same = all(i.scope == MODULE and i.module == source and i.name == name for i in found)
    is_taken = name in view.taken(module) and not (found and is_same)
    return is_taken or not may_import(view, module, source, name)


_Parts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _understood(node: ast.Try, imported: set[str], source: str) -> _Parts | str:
    """Give the flags, the names that become None, and the rest; or what cannot be understood."""
    if len(node.handlers) != 1 or not catches_import_errors(node.handlers[0]):
        return "the guard catches more than a missing package"
    flags = _flags((*node.body, *node.orelse))
    if flags is None:
        return "the guard does more than to import"
    nones: list[str] = []
    rest: list[str] = []
    for statement in node.handlers[0].body:
        match statement:
            case ast.Assign(targets=targets, value=ast.Constant(value=False)) if _names(targets) <= set(
                flags
            ):
                pass
            case ast.Assign(targets=targets, value=ast.Constant(value=None)) if _names(targets) <= imported:
                nones += [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.Pass():
                pass
            case ast.Expr(value=ast.Call()) if _speaks_of_exception(statement):
                return "what the guard says without the package is about the exception"
            case ast.Expr(value=ast.Call()) if not _uses(
                statement, {node.handlers[0].name, *imported, *flags}
            ):
                rest.append(_source(source, statement))
            case _:
                return "what the guard does without the package cannot be told in advance"
    if any("\n" in each and re.search(r"\"\"\"|'''", each) for each in rest):
        return "what the guard says spans lines"
    if nones and set(nones) != imported:
        return "only some of the names become None"
    return tuple(flags), tuple(nones), tuple(rest)


def _flags(statements: Sequence[ast.stmt]) -> list[str] | None:
    """List the names that become True beside the imports; None where anything else happens."""
    flags: list[str] = []
    for statement in statements:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=True)):
                flags.append(name)
            case _:
                return None
    return list(dict.fromkeys(flags))


def _names(targets: Sequence[ast.expr]) -> set[str]:
    return {target.id if isinstance(target, ast.Name) else "" for target in targets}


def _uses(node: ast.AST, names: set[str | None]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def _speaks_of_exception(node: ast.AST) -> bool:
    """Tell whether a call looks at the exception that is handled, of which a flag knows nothing."""
    return any(
        (isinstance(part, ast.Name) and part.id in _OF_EXCEPTIONS)
        or (isinstance(part, ast.Attribute) and part.attr in _OF_EXCEPTIONS)
        or (isinstance(part, ast.keyword) and part.arg in _OF_EXCEPTIONS)
        for part in ast.walk(node)
    )


def _source(source: str, statement: ast.stmt) -> str:
    lines = textwrap.dedent(source).splitlines()[statement.lineno - 1 : statement.end_lineno]
    return textwrap.dedent("\n".join(lines))


def _comments(text: Text, span: Span, node: ast.Try) -> Iterator[tuple[str, bool]]:
    """Yield the comments, each with whether it has a line of its own; those behind what stays go along with it."""
    staying = (each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom | ast.Expr))
    taken = {line for each in staying for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)}
    for number in range(span.line, span.end_line + 1):
        code, mark, comment = text.line(number).strip().partition("#")
        if mark and not code:
            yield mark + comment, True
        elif mark and number - span.line + 1 not in taken and not _PRAGMA.match(mark + comment):
            yield mark + comment, False


def _defaults(path: Path, tree: ast.Module, guard: Guard, lines: Lines) -> Iterator[Erase]:
    """Yield the removal of `FLAG = False` right above a guard: nobody sees that value any more."""
    number = next(n for n, each in enumerate(tree.body) if each.lineno == guard.span.line)
    for statement in reversed(tree.body[:number]):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                span = lines.span(statement)
                if (
                    name in guard.flags
                    and "#" not in lines.text[lines.offset(*span[:2]) :].partition("\n")[0]
                ):
                    yield Erase(path=path, span=span, keeps_comments=True)
            case ast.Import() | ast.ImportFrom():
                pass
            case _:
                return


def _with_tests(view: View, module: Module, guard: Guard) -> Guard | Problem:
    """Find the places that ask whether a name is None; they ask a flag from now on."""
    flag = guard.flags[0] if guard.flags else f"_HAS_{'_AND_'.join(p.upper() for p in guard.packages[:2])}"
    if _is_taken(view, module, flag, is_new=not guard.flags):
        return problem(f"{flag} means something else in a function", module, guard.span)
    lines = Lines(view.text(module).whole)
    tests: dict[Span, Replace] = {}
    tree = parse(view.text(module).whole)
    for node in ast.walk(tree):
        for name, whole, is_there in none_tests(node, guard.nones):
            code = flag if is_there else f"not {flag}"
            asked = Replace(path=module.path, span=lines.span(whole), code=code)
            tests.setdefault(lines.span(name), asked)  # the outermost question comes first
    has = "" if guard.flags else flag
    defaults = tuple(_defaults(module.path, tree, guard, lines))
    return replace(guard, tests=tests, has=has, defaults=defaults)


def _is_taken(view: View, module: Module, flag: str, *, is_new: bool) -> bool:
    """Tell whether a function would not see the module's flag."""
    if is_new:
        return flag in view.taken(module)
    scopes = module.facts.scopes[1:]
    return any(flag in scope.locals or any(p.name == flag for p in scope.parameters) for scope in scopes)


def is_tried_first(view: View, module: Module, item: Import) -> bool:
    """Tell whether the import is the first thing that a `try` at module level does: it loads what is installed."""
    statement = module.facts.statements[item.statement]
    if statement.kind != "Try" or item.catches is None:
        return False
    start, end = statement.span[:2], item.statement_span[:2]
    before = view.text(module).cut(Span(*start, *end))
    return not "".join(line.partition("#")[0].strip() for line in before.splitlines()).removeprefix("try:")
