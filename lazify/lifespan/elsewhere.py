"""Handlers that stand in another module than their application."""

import ast
from collections.abc import Sequence

from lazify.getter.problems import Problem, where
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.lifespan.apps import App
from lazify.lifespan.position import is_at_top
from lazify.lifespan.registrations import Registration
from lazify.lifespan.trees import Function
from lazify.model.facts import MODULE, Import


def is_elsewhere(app: App, registration: Registration) -> bool:
    """Tell whether another module registers the handler when it is imported."""
    tree = registration.tree
    is_reachable = app.scope == MODULE or registration.include is not None
    return tree is not app.tree and is_reachable and tree.holder(registration.node) is tree.root


def elsewhere_problem(view: View, app: App, registrations: Sequence[Registration]) -> Problem | None:
    """Say why the lifespan cannot import the handlers of other modules when it runs."""
    for event in ("startup", "shutdown"):
        modules = {_from(each) for each in registrations if each.event == event and each.include is None}
        if modules - {app.module} and any(each.event == event and each.include for each in registrations):
            modules.add(app.module)
        if len(modules) > 1:
            names = " and ".join(sorted(module.path.name for module in modules))
            return Problem(f"{names} register {event} handlers: their order is that of the imports")
    for each in registrations:
        if is_elsewhere(app, each) and (reason := _reason(view, app, each)):
            tree = each.tree
            return Problem(f"{reason} ({where(tree.module, tree.span(each.node))})", each.at)
    return None


def _from(registration: Registration) -> Module:
    """The module whose code registers the handler, or has it registered by a function that it calls."""
    tree = registration.tree if registration.through is None else registration.through[0]
    return tree.module


def _reason(view: View, app: App, registration: Registration) -> str | None:
    tree = registration.tree
    handler = registration.handler
    if not isinstance(handler, Function):
        return "another module registers a handler by a call"
    if not is_at_top(view, tree, handler):
        return "another module registers a handler under a condition"
    is_loaded = registration.include is not None or tree.module in view.project.loaded_with(app.module)
    if not is_loaded:
        return f"nothing says that {tree.module.path.name}, which registers a handler, is always imported"
    if importing(view, app.module, tree.module) is None:
        return f"{app.module.path.name} does not import {tree.module.path.name} itself, which registers a handler"
    return None


def importing(view: View, importer: Module, imported: Module) -> str | None:
    """What stands between `from` and `import` where one module imports names of another."""
    for item in importer.facts.imports:
        if item.scope != MODULE or item.is_typing:
            continue
        if view.project.source_module(importer, item) is imported:
            return _source(item)
        if item.name is not None and view.project.imported_modules(importer, item)[-1:] == (imported,):
            base = _source(item)
            return f"{base}{item.name}" if base.endswith(".") else f"{base}.{item.name}"
    return None


def _source(item: Import) -> str:
    return "." * item.level + item.module


def import_text(source: str, name: str, alias: str) -> str:
    """The statement for a lifespan's own body."""
    return f"from {source} import {name}" + (f" as {alias}" if alias != name else "")


def target_name(node: ast.AST | None) -> str | None:
    """The name that an assignment gives an application."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case _:
            return None
