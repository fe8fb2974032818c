"""Routers that an application can do without, and what it never may: whatever protects it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.entries.entry import names_problem
from lazify.getter.problems import Problem, where
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.lifespan.apps import App
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.position import is_at_top
from lazify.lifespan.trees import Tree, Trees
from lazify.model.facts import MODULE, Import

PROTECTS = re.compile(
    r"auth|login|logout|sign_?in|oauth|oidc|sso|saml|jwt|token|session|password|credential|permission|role|acl"
    r"|csrf|xsrf|cors|origin|secur|protect|guard|firewall|waf|throttl|rate|limit|quota|trusted|host|https|hsts|ip_?filter"
    r"|captcha|block|ban|tenant|audit|signature|verify|hmac|api_?key",
    re.IGNORECASE,
)
"""Words in the names of what protects; one too many only leaves a router as it is."""

_REACHING = frozenset({"add_middleware", "middleware", "exception_handler", "add_exception_handler"})
"""What an imported module may do to an application that is not its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optional:
    """A router that is imported from the project and included once."""

    tree: Tree
    item: Import
    statement: ast.ImportFrom
    include: ast.Expr
    router: App

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.item.binds


def routers(view: View, trees: Trees, origins: Origins) -> Iterator[Optional]:
    """Find the routers that a module imports at its top and includes in an application there."""
    for module in view.reported():
        if "include_router" not in module.facts.words:
            continue
        tree = trees.of(module)
        for call in tree.calls_of("include_router"):
            found = _optional(view, tree, call, origins)
            if found is not None:
                yield found


def _optional(view: View, tree: Tree, call: ast.Call, origins: Origins) -> Optional | None:
    include = tree.parent(call)
    name = call.args[0] if call.args else None
    if (
        not isinstance(include, ast.Expr)
        or not isinstance(name, ast.Name)
        or not is_at_top(view, tree, include)
    ):
        return None
    assert isinstance(call.func, ast.Attribute)
    if origins.kind(tree, call.func.value) is not Kind.FASTAPI:
        return None
    items = [i for i in tree.module.facts.imports if i.scope == MODULE and i.binds == name.id and i.name]
    router = next(iter(origins.near(tree, name)), None)
    if len(items) != 1 or not isinstance(router, App) or router.kind is not Kind.API_ROUTER:
        return None
    for node in tree.root.body:
        if isinstance(node, ast.ImportFrom) and tree.span(node) == items[0].statement_span:
            return Optional(tree=tree, item=items[0], statement=node, include=include, router=router)
    return None


def optional_problem(view: View, optional: Optional) -> Problem | None:
    """Say why the application may not start without the router."""
    tree, name = optional.tree, optional.name
    target = view.project.import_target(tree.module, optional.item)
    described = [name, optional.item.module, optional.router.module.name, ast.unparse(optional.include)]
    described += [scope.name for scope in optional.router.module.facts.scopes]
    described += [target.name] if isinstance(target, Defined) else []
    for text in described:
        if (word := PROTECTS.search(text)) is not None:
            return _problem(f"{name} may protect ({word[0]}): it must not be left out", optional)
    for module in view.project.loaded_with(optional.router.module) - {tree.module}:
        if words := _REACHING & module.facts.words:
            reason = f"importing {name} may add what protects ({min(words)} in {module.path.name})"
            return _problem(reason, optional)
    if "path}" in "".join(_texts(optional)):
        return _problem(f"{name} answers whole subtrees of paths, what stands behind it would show", optional)
    if len(optional.statement.names) > 1:
        return _problem("the import brings more than the router", optional)
    if problem := names_problem(view, tree, optional.statement, ("logging",)):
        return problem
    uses = [n for n in ast.walk(tree.root) if isinstance(n, ast.Name) and n.id == name]
    if len(uses) != 1 or len(tree.bindings.get((name, MODULE), ())) != 1:
        return _problem(f"{name} is used for more than to be included", optional)
    return None


def _texts(optional: Optional) -> Iterator[str]:
    """The strings of the router's module, and of the call that includes it."""
    for root in (optional.router.tree.root, optional.include):
        for node in ast.walk(root):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _problem(reason: str, optional: Optional) -> Problem:
    tree = optional.tree
    return Problem(
        f"{reason} ({where(tree.module, tree.span(optional.statement))})", tree.place(optional.statement)
    )
