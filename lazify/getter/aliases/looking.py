"""Folders that a making looks through, and files that it asks for.

RULES = sorted(Path("rules").glob("*.json"))
IS_READY = os.path.exists(STATE)
"""

import ast
import re
from collections.abc import Iterator, Set
from dataclasses import replace

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.finding import BESIDE, HERE, Alias
from lazify.getter.aliases.folders import LOOKS_THROUGH
from lazify.getter.aliases.search import Aliases
from lazify.getter.aliases.trees import Tree
from lazify.getter.aliases.writing import IS_PATTERN, WRITES, written
from lazify.getter.class_state import reached_scopes, text_of_making
from lazify.getter.groups import Group
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.index.words import as_word

_WORD = re.compile(as_word(*LOOKS_THROUGH))
_ASKS = frozenset(
    {
        "access", "exists", "getatime", "getctime", "getmtime", "getsize", "is_dir", "is_file", "is_symlink", "isdir",
        "isfile", "islink", "lexists", "lstat", "stat",
    }
)  # fmt: skip
"""What tells whether there is a file, or what kind of one, by the last of its names."""
_ASKING = re.compile(as_word(*sorted(_ASKS)))
_READS = frozenset({"open", "read_bytes", "read_text"})
_USING = re.compile(as_word(*sorted(WRITES | _READS)))
_METHODS = frozenset({"glob", "iterdir", "rglob", "walk"})
_MODULES = frozenset({"glob", "os"})
_HERE = frozenset({"cwd", "getcwd", "curdir", "Path"})
_DEPTH = 6
"""Names of names of a folder that are followed."""


def folders_looked_through(view: View, group: Group) -> Iterator[Alias]:
    """Yield them; where a function gets the folder, all that the statements may give to it."""
    if not _WORD.search(text_of_making(view, group)):
        return
    search = _Search(view, group)
    calls = search.calls(frozenset(LOOKS_THROUGH))
    found = dict.fromkeys(each for tree, call in calls for each in search.ends(tree, _folder(call)))
    for each in found:
        yield each
        if each.kind == "file":
            yield Alias("inside", each.name, "shares")


def files_asked_for(view: View, group: Group) -> Iterator[Alias]:
    """Yield the files and folders of which the making asks whether they are there, since when, or how large."""
    if not _ASKING.search(text_of_making(view, group)):
        return
    search = _Search(view, group)
    calls = search.calls(_ASKS)
    found = dict.fromkeys(each for tree, call in calls for each in search.ends(tree, _asked(call)))
    yield from (replace(each, level="is") for each in found if each not in (HERE, BESIDE))


def files_used(view: View, group: Group) -> Iterator[Alias]:
    """Yield the files that the making opens, writes or makes: names like `state`, which tell nothing by themselves."""
    if not _USING.search(text_of_making(view, group)):
        return
    search = _Search(view, group)
    calls = search.calls(WRITES | _READS)
    paths = ((tree, path) for tree, call in calls for path in ([*written(call)] or [_asked(call)]))
    found = dict.fromkeys(each for tree, path in paths for each in search.ends(tree, path))
    yield from (replace(each, level="is") for each in found if each not in (HERE, BESIDE))


class _Search:
    """Goes back from an expression to the names and texts that its path comes from."""

    def __init__(self, view: View, group: Group) -> None:
        self._view, self._group = view, group
        self._trees = view.once(Aliases).trees
        self._met: set[tuple[Tree, str]] = set()

    def calls(self, names: Set[str]) -> Iterator[tuple[Tree, ast.Call]]:
        """Yield the calls of functions and methods of these names that the making runs."""
        module = self._group.module
        for number in self._group.statements:
            span = module.facts.statements[number].span
            for passage in self._trees.passages(module).between(span.line, span.end_line):
                tree = self._trees.tree(module, passage)
                yield from ((tree, each) for each in _called(tree, names) if not _is_deferred(tree, each))
        for owner, scope in reached_scopes(self._view, self._group):
            if at := self._trees.at(owner, owner.facts.scopes[scope].span):
                yield from ((at, each) for each in _called(at, names))

    def ends(self, tree: Tree, node: ast.expr, depth: int = _DEPTH) -> Iterator[Alias]:
        """Yield what a path ends with: a name of a folder, or what is known by a name."""
        match node:
            case ast.Constant(value=str(text)):
                yield from _spelled(text)
            case ast.JoinedStr(values=[*_, last]) | ast.BinOp(right=last):
                yield from self._last(tree, last, node, depth)
            case ast.Call(func=callee, args=[]) if last_name(callee) in _HERE:
                yield HERE
            case ast.Call(func=ast.Attribute(attr="joinpath"), args=[*_, last]):
                yield from self._last(tree, last, node, depth)
            case ast.Call(func=callee, args=[*_, last]):
                yield from self._last(tree, last, node, depth)
            case ast.Name(id="__file__"):
                yield BESIDE
            case ast.Call(func=ast.Attribute(value=value)) | ast.Attribute(value=value, attr="parent"):
                yield from self.ends(tree, value, depth)
            case ast.Name() | ast.Attribute():
                yield from self._named(tree, node, depth)
            case ast.Subscript(slice=ast.Constant(value=str(text))):
                yield Alias("file", text, "part")
            case ast.Subscript(value=value):
                yield from self.ends(tree, value, depth)

    def _last(self, tree: Tree, last: ast.expr, node: ast.expr, depth: int) -> Iterator[Alias]:
        """What is joined last says it, but for patterns and what is computed."""
        text = last.value if isinstance(last, ast.Constant) and isinstance(last.value, str) else None
        if text is not None and (names := [*_spelled(text)]):
            yield from names
            return
        inner = last.value if isinstance(last, ast.FormattedValue) else last
        parts = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
        for each in (inner, *parts):
            if not isinstance(each, ast.Constant):
                yield from self.ends(tree, each, depth - 1) if depth else ()

    def _named(self, tree: Tree, node: ast.expr, depth: int) -> Iterator[Alias]:
        target = self._trees.resolved(tree.module, node)
        name = ast.unparse(node)
        if not depth or (tree, name) in self._met:
            return
        self._met.add((tree, name))
        if isinstance(target, Defined):
            yield Alias("name", target.name, "part", target.module)
            for binding in target.module.facts.bindings.get(target.name, ()):
                value = self._trees.value(target.module, binding.span)
                at = self._trees.at(target.module, binding.span)
                if value is not None and at is not None:
                    yield from self.ends(at, value, depth - 1)
        elif target is None:
            yield from self._local(tree, last_name(node), depth)

    def _local(self, tree: Tree, name: str, depth: int) -> Iterator[Alias]:
        """A variable of a function, or an attribute: what is assigned to it, or what the statements hand over."""
        for node in tree.nodes:
            match node:
                case ast.Assign(targets=[target], value=value) if last_name(target) == name:
                    yield from self.ends(tree, value, depth - 1)
                case ast.For(target=target, iter=value) if last_name(target) == name:
                    yield from self.ends(tree, value, depth - 1)
        module = self._group.module
        for number in self._group.statements:
            at = self._trees.at(module, module.facts.statements[number].span)
            for call in at.nodes if at and at is not tree else ():
                if at and isinstance(call, ast.Call):
                    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
                        yield from self.ends(at, each, depth - 1)
        yield from self._default(tree, name, depth)

    def _default(self, tree: Tree, name: str, depth: int) -> Iterator[Alias]:
        for node in tree.nodes:
            if isinstance(node, ast.arguments):
                positional = [*node.posonlyargs, *node.args][::-1]
                pairs = [
                    *zip(positional, node.defaults[::-1], strict=False),
                    *zip(node.kwonlyargs, node.kw_defaults, strict=True),
                ]
                for argument, default in pairs:
                    if argument.arg == name and default is not None:
                        yield from self.ends(tree, default, depth - 1)


def _folder(call: ast.Call) -> ast.expr:
    """What is looked through: the path whose method is called, or the first argument."""
    match call.func:
        case ast.Attribute(value=value, attr=name) if name in _METHODS and last_name(value) not in _MODULES:
            return value
    if call.args:
        return call.args[0]
    named = [each.value for each in call.keywords if each.arg in ("path", "top", "root_dir")]
    return named[0] if named else ast.Constant(".")


def _asked(call: ast.Call) -> ast.expr:
    """`os.path.exists(path)`, `path.exists()`"""
    if not call.args and isinstance(call.func, ast.Attribute):
        return call.func.value
    return call.args[0] if call.args else call.func


def _called(tree: Tree, names: Set[str]) -> Iterator[ast.Call]:
    return (each for each in tree.nodes if isinstance(each, ast.Call) and last_name(each.func) in names)


def _is_deferred(tree: Tree, node: ast.AST) -> bool:
    """Tell whether the node stands in the body of a function, which runs when it is called."""
    for around in tree.around(node):
        if isinstance(around, ast.Lambda) and node is around.body:
            return True
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef) and node in around.body:
            return True
        node = around
    return False


def _spelled(text: str) -> Iterator[Alias]:
    """`"data"`, `"rules/*.json"`: the last folder."""
    parts = [each for each in text.split("/") if each]
    while parts and IS_PATTERN.search(parts[-1]):
        parts.pop()
    if parts and parts[-1] != ".":
        yield Alias("file", parts[-1], "part")
    elif text and not text.startswith("/") and "/" not in text.strip("./"):
        yield HERE
