"""What a class makes whose constructor registers handlers on itself: each of its instances is such an application.

class Service(FastAPI):
    def __init__(self):
        super().__init__()                    the constructor call that gets the lifespan
        self.on_event("startup")(connect)

app = Service()                               the same application, by another call
app.on_event("shutdown")(close)               which a lifespan in there would silence
"""

import ast
from collections.abc import Iterator, Mapping

from lazify.getter.problems import Problem, where
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.lifespan.apps import App
from lazify.lifespan.kinds import lineage
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Tree, Trees


def is_inherited(app: App) -> bool:
    """Tell whether the call is that of `super().__init__()`."""
    match app.call.func:
        case ast.Attribute(value=ast.Call(), attr="__init__"):
            return isinstance(app.type, Defined)
    return False


def instances(view: View, trees: Trees, origins: Origins, app: App) -> list[App]:
    """The calls that make what `app`, in a constructor, is part of: of its class and of those that inherit from it."""
    if not is_inherited(app) or not isinstance(app.type, Defined):
        return []
    found: dict[App, None] = {}
    names, done = {app.type.name}, set[str]()
    while fresh := names - done:
        done |= fresh
        for tree in trees.mentioning(*fresh):
            names |= set(_other_names(tree, done))
            for call in tree.calls:
                made = origins.app(tree, call)
                if made is not None and made != app and app.type in lineage(view.project, made.type):
                    found[made] = None
                    names |= {made.type.name} if isinstance(made.type, Defined) else set()
    return list(found)


def shared(parts: Mapping[App, list[App]], holders: Mapping[App, object]) -> Iterator[tuple[App, Problem]]:
    """Say which applications have handlers from a constructor and others from where they are made."""
    for app, made in parts.items():
        for other in made:
            if other in holders:
                at = where(other.module, other.tree.span(other.call))
                assert isinstance(app.type, Defined)
                reason = f"handlers are registered by the constructor of {app.type.name} and on what it makes"
                problem = Problem(f"{reason} ({at})", other.tree.place(other.call))
                yield app, problem
                yield other, problem


def _other_names(tree: Tree, names: set[str]) -> Iterator[str]:
    """What the module calls the classes, too, and the classes that it makes of them."""
    for item in tree.module.facts.imports:
        if item.name in names and item.alias is not None:
            yield item.alias
    for node in tree.root.body:
        if isinstance(node, ast.ClassDef) and any(_last(base) in names for base in node.bases):
            yield node.name


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]
