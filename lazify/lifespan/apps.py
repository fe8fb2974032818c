"""Constructor calls and parameters: what an expression that is an application may come from."""

import ast
from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, Target
from lazify.index.view import View
from lazify.lifespan.kinds import Kind
from lazify.lifespan.trees import Function, Tree


@dataclass(frozen=True, slots=True)
class App:
    """A constructor call, which stands for all that it makes."""

    tree: Tree
    call: ast.Call
    kind: Kind
    type: Target
    """The class that is called; for `super().__init__()` the class that it stands in."""

    @property
    def module(self) -> Module:
        """Where it is made."""
        return self.tree.module

    @property
    def scope(self) -> int:
        """The scope whose code makes it."""
        return self.tree.scope(self.call)


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter: the application is made by the caller."""

    tree: Tree
    function: Function
    name: str


Origin = App | Given | None
"""None stands for what cannot be told."""

Step = Origin | tuple[Tree, ast.expr]
"""Where an expression comes from: an end, or another expression."""


def external(view: View, tree: Tree, node: ast.expr) -> str | None:
    """The dotted name of something outside the project."""
    target = resolve(view.project, tree.module, tree.ref(node))
    return target.name if isinstance(target, External) else None


def class_around(tree: Tree, node: ast.AST) -> Defined | None:
    """The class at module level in whose method the node stands."""
    cls = tree.own_class(node)
    return None if cls is None else Defined(tree.module, cls.name)


def receiver_class(tree: Tree, node: ast.Name) -> Defined | None:
    """The class, where the name is the first parameter of one of its methods."""
    holder = tree.definition(tree.binder(node.id, tree.scope(node)))
    if not isinstance(holder, Function) or not isinstance(tree.parent(holder), ast.ClassDef):
        return None
    first = [*holder.args.posonlyargs, *holder.args.args][:1]
    return class_around(tree, holder) if first and first[0].arg == node.id else None
