"""Which modules are entry points, and what they take from where."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.getter.problems import Problem, where
from lazify.index.effects import Effects
from lazify.index.modules import Module
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.lifespan.apps import App, external
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.position import is_at_top
from lazify.lifespan.trees import Tree, Trees
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, Import

_WRAPPERS = ("mangum.Mangum", "mangum.adapter.Mangum")
"""What takes any ASGI application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An import of the application in a module that a platform loads."""

    tree: Tree
    item: Import
    statement: ast.ImportFrom
    app: App

    @property
    def name(self) -> str:
        """The name that the platform, or the rest of the module, uses."""
        return self.item.binds


def entries(view: View, trees: Trees, origins: Origins) -> Iterator[Entry]:
    """Find the unguarded imports of applications in entry points."""
    for module in view.reported():
        if not is_entry(view, module):
            continue
        tree = trees.of(module)
        for item in module.facts.imports:
            entry = _entry(view, tree, item, origins)
            if entry is not None:
                yield entry


def is_entry(view: View, module: Module) -> bool:
    """Tell whether `--entry` or a file of a platform names the module, or it lies in the folder api/ beside one."""
    path, names = module.path.as_posix(), {module.name, module.path.name}
    if any(path.endswith(entry) or entry in names for entry in view.config.entry):
        return True
    if module.package.name == "api" and any(
        file.name in ("vercel.json", "now.json") and file.parent == module.package.parent
        for file in view.platform_files
    ):
        return True
    return any(_names(text, module) for text in view.platform_files.values())


def _names(text: str, module: Module) -> bool:
    stem = module.path.relative_to(module.source.root).with_suffix("").as_posix()
    starts = (f"{module.name}:", f"{stem}.py", f"{stem}.handler", f"{stem}.app", f"{module.name}.handler")
    return any(start in text for start in starts)


def _entry(view: View, tree: Tree, item: Import, origins: Origins) -> Entry | None:
    if item.scope != MODULE or item.name in (None, "*") or item.is_typing:
        return None
    statement = next(
        (
            node
            for node in tree.root.body
            if isinstance(node, ast.ImportFrom) and tree.span(node) == item.statement_span
        ),
        None,
    )
    target = view.project.import_target(tree.module, item)
    if statement is None or not isinstance(target, Defined) or not is_at_top(tree, statement):
        return None
    found = origins.of_name(target)
    if len(found) != 1:
        return None
    (app,) = found
    is_app = isinstance(app, App) and app.kind in (Kind.FASTAPI, Kind.STARLETTE)
    return (
        Entry(tree=tree, item=item, statement=statement, app=app) if is_app and isinstance(app, App) else None
    )


def entry_problem(view: View, entry: Entry) -> Problem | None:
    """Say why another application cannot stand in for the imported one."""
    tree = entry.tree
    if len(entry.statement.names) > 1:
        return _problem("the import brings more than the application", tree, entry.statement)
    if len(tree.bindings.get((entry.name, MODULE), ())) > 1:
        return _problem(f"{entry.name} is bound more than once", tree, entry.statement)
    for node in ast.walk(tree.root):
        if isinstance(node, ast.Name) and node.id == entry.name and not _is_passed_on(view, tree, node):
            return _problem(f"the entry point does more with {entry.name} than to hand it on", tree, node)
    for module in view.project.mentioning(entry.name):
        if module is not tree.module and not module.source.is_test and _imports(view, module, entry):
            return Problem(f"{module.path.name} takes {entry.name} from the entry point")
    return None


def lazy_problem(effects: Effects, entry: Entry) -> Problem | None:
    """Say why the import cannot wait for a request, inside a running event loop."""
    for effect in effects.importing(entry.app.module):
        if effect.kind is EffectKind.LOOP:
            return Problem(f"importing it uses the event loop, which runs by then ({effect.callee})")
    return None


def _is_passed_on(view: View, tree: Tree, node: ast.Name) -> bool:
    match tree.parent(node):
        case ast.Assign(value=value) if value is node:
            return True
        case ast.Call(func=func, args=args) if node in args:
            return external(view, tree, func) in _WRAPPERS
    return False


def _imports(view: View, module: Module, entry: Entry) -> bool:
    return any(
        item.name == entry.name and view.project.source_module(module, item) is entry.tree.module
        for item in module.facts.imports
    )


def _problem(reason: str, tree: Tree, node: ast.expr | ast.stmt) -> Problem:
    return Problem(f"{reason} ({where(tree.module, tree.span(node))})", tree.place(node))
