"""Which modules are entry points, and what they take from where."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lazify.getter.problems import Problem, where
from lazify.index.effects import Effects
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.lifespan.apps import App, Origin, external
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Tree, Trees
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, Import, NameRef

_WRAPPERS = ("mangum.Mangum", "mangum.adapter.Mangum", "uvicorn.run", "uvicorn.main.run")
"""What takes any ASGI application."""
_OWN_NAMES = ("json", "logging", "os", "threading", "error", "_body")
"""What the code that stands in for an application uses at module level."""
Made = ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a module that a platform loads gets the application.

    from shop.main import app
    from shop.main import create_app          and        app = create_app()
    from shop import main                     and        app = main.app
    from shop.main import create_app          and        handler = Mangum(create_app())
    def create_app(): ...                     and        app = create_app()
    """

    tree: Tree
    app: App
    item: Import | None = None
    """What is imported; None where the module makes the application by itself."""
    statement: ast.ImportFrom | ast.Import | None = None
    made: Made | None = None
    """The statement that gets the application from what is imported, or makes it."""
    value: ast.expr | None = None
    """The application itself, in `made`."""

    @property
    def is_inside(self) -> bool:
        """Tell whether the application has no name of its own: it is an argument."""
        return self.made is not None and self.value is not self.made.value

    @property
    def name(self) -> str:
        """The name that the platform, or the rest of the module, uses."""
        match self.made:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
        return "" if self.item is None else self.item.binds

    @property
    def statements(self) -> tuple[ast.stmt, ...]:
        """All that is guarded."""
        made = None if self.is_inside else self.made
        return tuple(each for each in (self.statement, made) if each is not None)

    @property
    def source(self) -> str:
        """What may fail: a module, or the function that makes the application."""
        if self.item is not None:
            return self.item.module or "the package"
        return "" if self.value is None else f"{ast.unparse(self.value)}"


def entries(view: View, trees: Trees, origins: Origins) -> Iterator[Entry]:
    """Find the unguarded imports of applications in entry points."""
    for module in view.reported():
        if not is_entry(view, module):
            continue
        tree = trees.of(module)
        found = [_entry(view, tree, item, origins) for item in module.facts.imports]
        yield from (entry for entry in (*found, _own(tree, origins)) if entry is not None)


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
    if item.scope != MODULE or item.name == "*" or item.is_typing:
        return None
    statement = _statement(tree, item)
    if statement is None:
        return None
    target = view.project.import_target(tree.module, item)
    if isinstance(target, Defined) and (app := _only_app(origins.of_name(target))) is not None:
        return Entry(tree=tree, item=item, statement=statement, app=app)
    for made in tree.root.body:
        value = _made_from(view, tree, made, item.binds.partition(".")[0])
        if value is not None and isinstance(made, Made):
            app = _only_app(origins.of(tree, value))
            if app is None:
                return None
            return Entry(tree=tree, item=item, statement=statement, app=app, made=made, value=value)
    return None


def _own(tree: Tree, origins: Origins) -> Entry | None:
    """An application that a function of the module itself makes."""
    for made in tree.root.body:
        match made:
            case (
                ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id=maker)) as value)
                | ast.AnnAssign(target=ast.Name(), value=ast.Call(func=ast.Name(id=maker)) as value)
            ):
                bound = tree.bindings.get((maker, MODULE), ())
                app = _only_app(origins.of(tree, value))
                if app is not None and bound and all(isinstance(node, ast.FunctionDef) for node in bound):
                    return Entry(tree=tree, app=app, made=made, value=value)
    return None


def _statement(tree: Tree, item: Import) -> ast.ImportFrom | ast.Import | None:
    """The import statement, where it runs whenever the module is imported."""
    for node in tree.root.body:
        if isinstance(node, ast.ImportFrom | ast.Import) and tree.span(node) == item.statement_span:
            return node
    return None


def _made_from(view: View, tree: Tree, statement: ast.stmt, name: str) -> ast.expr | None:
    """What is assigned, if it is `name(...)`, `name.app` or `name.make(...)`, also as an argument of Mangum."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name()], value=ast.Call() | ast.Attribute() as value)
            | ast.AnnAssign(target=ast.Name(), value=ast.Call() | ast.Attribute() as value)
        ):
            is_wrapped = isinstance(value, ast.Call) and external(view, tree, value.func) in _WRAPPERS
            asked = value.args[0] if is_wrapped and isinstance(value, ast.Call) and value.args else value
            root = asked.func if isinstance(asked, ast.Call) else asked
            while isinstance(root, ast.Attribute):
                root = root.value
            is_plain = isinstance(asked, ast.Call | ast.Attribute)
            return asked if is_plain and isinstance(root, ast.Name) and root.id == name else None
    return None


def _only_app(found: frozenset[Origin]) -> App | None:
    (app, *others) = found
    is_app = isinstance(app, App) and app.kind in (Kind.FASTAPI, Kind.STARLETTE)
    return app if is_app and isinstance(app, App) and not others else None


def entry_problem(view: View, entry: Entry) -> Problem | None:
    """Say why another application cannot stand in for the imported one."""
    tree, first = entry.tree, entry.statements[0]
    if entry.statement is not None and len(entry.statement.names) > 1:
        return _problem("the import brings more than the application", tree, first)
    if problem := _between(entry) or names_problem(view, tree, first):
        return problem
    imported = "" if entry.item is None else entry.item.binds.partition(".")[0]
    for name in {entry.name, imported}:
        if len(tree.bindings.get((name, MODULE), ())) > 1:
            return _problem(f"{name} is bound more than once", tree, first)
    asked = {imported} if entry.is_inside else {imported, entry.name}
    for node in ast.walk(tree.root):
        if not isinstance(node, ast.Name) or node.id not in asked:
            continue
        if tree.binder(node.id, tree.scope(node)) != MODULE:
            continue  # a local of the same name
        is_own = entry.made is not None and tree.statement(node) is entry.made
        if not is_own and (node.id != entry.name or not _is_passed_on(view, tree, node)):
            return _problem(f"the entry point does more with {node.id} than to hand it on", tree, node)
    for module in view.project.mentioning(entry.name):
        if module is not tree.module and not module.source.is_test and _imports(view, module, entry):
            return Problem(f"{module.path.name} takes {entry.name} from the entry point")
    return None


def _between(entry: Entry) -> Problem | None:
    """Say which statement would run after what makes the application, and runs before it now."""
    made, body = entry.made, entry.tree.root.body
    if made is None or entry.statement is None:
        return None
    between = body[body.index(entry.statement) + 1 : body.index(made)]
    if any(not entry.is_inside or not isinstance(each, ast.Import | ast.ImportFrom) for each in between):
        reason = "other statements stand between the import and what makes the application"
        return _problem(reason, entry.tree, made)
    return None


def names_problem(view: View, tree: Tree, at: ast.stmt, names: Sequence[str] = _OWN_NAMES) -> Problem | None:
    """Say which name of the code that stands in for an application means something else in the module."""
    for name in names:
        is_bound = (name, MODULE) in tree.bindings
        if is_bound and resolve(view.project, tree.module, NameRef(name, MODULE)) != External(name):
            return _problem(f"{name} means something of the module's own", tree, at)
    return None


def lazy_problem(effects: Effects, entry: Entry) -> Problem | None:
    """Say why the import cannot wait for a request, inside a running event loop."""
    found = [*effects.importing(entry.app.module)]
    made = entry.made
    if made is not None and entry.value is not None:
        if not _is_constant(entry.value):
            return _problem("what makes the application depends on names that may change", entry.tree, made)
        numbers = [
            number
            for number, each in enumerate(entry.tree.module.facts.statements)
            if each.span == entry.tree.span(made)
        ]
        found += [effect for number in numbers for effect in effects.of_statement(entry.tree.module, number)]
    for effect in found:
        if effect.kind is EffectKind.LOOP:
            return Problem(f"importing it uses the event loop, which runs by then ({effect.callee})")
    return None


def _is_constant(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return True
    given = [*value.args, *(keyword.value for keyword in value.keywords)]
    return all(isinstance(each, ast.Constant) for each in given)


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
