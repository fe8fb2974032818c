"""Where an application was made: from an expression back to the constructor calls that it may come from."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Defined, External, Target
from lazify.index.view import View
from lazify.lifespan.kinds import Kind, class_scope, kind_of, lineage
from lazify.lifespan.trees import Function, Tree, Trees, own_nodes
from lazify.model.facts import MODULE, NameRef

_DEEPEST = 12


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


class Origins:
    """Follows expressions back to constructor calls, through names, attributes, modules, calls and arguments."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Look into the modules of `view`."""
        self._view = view
        self._trees = trees
        self._apps: dict[ast.Call, App | None] = {}

    def of(self, tree: Tree, node: ast.expr) -> frozenset[Origin]:
        """All that the expression may come from; parameters are followed to the callers that can be found."""
        found: set[Origin] = set()
        for origin in self.near(tree, node):
            found |= self._callers(origin, 0) if isinstance(origin, Given) else {origin}
        return frozenset(found)

    def near(self, tree: Tree, node: ast.expr, depth: int = 0) -> frozenset[Origin]:
        """The same, without looking at the callers."""
        if depth > _DEEPEST:
            return frozenset({None})
        match node:
            case ast.Call():
                return self._call(tree, node, depth)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.near(tree, value, depth + 1)
            case ast.Attribute(value=value, attr="router") if self._is_app(tree, value):
                return self.near(tree, value, depth + 1)
            case ast.Attribute():
                return self._attribute(tree, node, depth)
            case ast.Name():
                return self._name(tree, node, depth)
            case ast.IfExp(body=body, orelse=other):
                return self.near(tree, body, depth + 1) | self.near(tree, other, depth + 1)
            case _:
                return frozenset({None})

    def mentioning(self, *words: str) -> Iterator[Tree]:
        """The trees of the modules that hold any of these identifiers."""
        return self._trees.mentioning(*words)

    def app(self, tree: Tree, call: ast.Call) -> App | None:
        """Read a call as a constructor call."""
        if call not in self._apps:
            target = self._class(tree, call)
            kind = kind_of(self._view.project, target)
            is_made = kind is not None and target is not None
            self._apps[call] = App(tree, call, kind, target) if is_made and kind and target else None
        return self._apps[call]

    def kind(self, tree: Tree, node: ast.expr) -> Kind | None:
        """Tell what an expression is an instance of, by annotations too."""
        for origin in self.near(tree, node):
            if isinstance(origin, App):
                return origin.kind
        target = self._view.effects.class_of(tree.module, tree.ref(node), tree.scope(node))
        return kind_of(self._view.project, target)

    def _is_app(self, tree: Tree, node: ast.expr) -> bool:
        return self.kind(tree, node) in (Kind.FASTAPI, Kind.STARLETTE)

    def _class(self, tree: Tree, call: ast.Call) -> Target | None:
        match call.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
                return _own_class(tree, call)
            case ast.Name() | ast.Attribute() as func:
                return resolve(self._view.project, tree.module, tree.ref(func))
        return None

    def _call(self, tree: Tree, call: ast.Call, depth: int) -> frozenset[Origin]:
        app = self.app(tree, call)
        if app is not None:
            return frozenset({app})
        found = [
            self.near(where, value, depth + 1)
            for where, function in self.functions(tree, call.func)
            for node in own_nodes(function)
            if isinstance(node, ast.Return) and (value := node.value) is not None
        ]
        return frozenset({None}).union(*found) - ({None} if found else set()) if found else frozenset({None})

    def functions(self, tree: Tree, callee: ast.expr) -> Iterator[tuple[Tree, Function]]:
        """The functions of the project that the expression may be, each with its module's tree."""
        match callee:
            case ast.Name(id=name) if (scope := tree.binder(name, tree.scope(callee))) != MODULE:
                for node in tree.bindings.get((name, scope), ()):
                    if isinstance(node, Function):
                        yield tree, node
            case ast.Name() | ast.Attribute():
                target = resolve(self._view.project, tree.module, tree.ref(callee))
                if isinstance(target, Defined):
                    yield from self._defined(target)
                elif isinstance(callee, ast.Attribute) and target is None:
                    yield from self._methods(tree, callee)

    def _defined(self, target: Defined) -> Iterator[tuple[Tree, Function]]:
        tree = self._trees.of(target.module)
        for node in tree.bindings.get((target.name, MODULE), ()):
            if isinstance(node, Function):
                yield tree, node

    def _methods(self, tree: Tree, callee: ast.Attribute) -> Iterator[tuple[Tree, Function]]:
        owner = self.owner(tree, callee.value)
        for each in lineage(self._view.project, owner):
            number = class_scope(each.module, each.name) if isinstance(each, Defined) else None
            if number is None or not isinstance(each, Defined):
                continue
            where = self._trees.of(each.module)
            methods = [
                node for node in where.bindings.get((callee.attr, number), ()) if isinstance(node, Function)
            ]
            if methods:
                yield from ((where, method) for method in methods)
                return

    def target(self, tree: Tree, node: ast.expr) -> Target | None:
        """What a plain name or dotted name means, as far as imports tell."""
        return resolve(self._view.project, tree.module, tree.ref(node))

    def owner(self, tree: Tree, node: ast.expr) -> Target | None:
        """The class that an expression is an instance of; for the first parameter of a method, the class around."""
        if isinstance(node, ast.Name) and (found := _receiver_class(tree, node)) is not None:
            return found
        return self._view.effects.class_of(tree.module, tree.ref(node), tree.scope(node))

    def _attribute(self, tree: Tree, node: ast.Attribute, depth: int) -> frozenset[Origin]:
        target = resolve(self._view.project, tree.module, tree.ref(node))
        if isinstance(target, Defined):
            return self._module_name(target, depth)
        found: set[Origin] = set()
        for each in lineage(self._view.project, self.owner(tree, node.value)):
            if isinstance(each, Defined):
                where = self._trees.of(each.module)
                for value in _stored(where, each.name, node.attr):
                    found |= self.near(where, value, depth + 1)
        return frozenset(found or {None})

    def _name(self, tree: Tree, node: ast.Name, depth: int) -> frozenset[Origin]:
        scope = tree.binder(node.id, tree.scope(node))
        if scope == MODULE:
            target = self._view.project.lookup(tree.module, node.id)
            return self._module_name(target, depth) if isinstance(target, Defined) else frozenset({None})
        cls = _receiver_class(tree, node)
        if cls is not None and kind_of(self._view.project, cls) is not None:
            return self._super(tree, cls)
        return self._bound(tree, node.id, scope, depth)

    def _module_name(self, target: Defined, depth: int) -> frozenset[Origin]:
        return self._bound(self._trees.of(target.module), target.name, MODULE, depth)

    def _bound(self, tree: Tree, name: str, scope: int, depth: int) -> frozenset[Origin]:
        found: set[Origin] = set()
        for node in tree.bindings.get((name, scope), ()):
            function = tree.definition(scope)
            if isinstance(node, ast.arg) and isinstance(function, Function):
                found.add(Given(tree, function, name))
            elif (value := _value(tree, node)) is not None:
                found |= (
                    {None}
                    if isinstance(value, ast.Constant) and value.value is None
                    else self.near(tree, value, depth + 1)
                )
            elif isinstance(node, ast.alias):
                target = resolve(self._view.project, tree.module, NameRef(name, scope))
                found |= self._module_name(target, depth + 1) if isinstance(target, Defined) else {None}
            else:
                found.add(None)
        return frozenset(found or {None})

    def _super(self, tree: Tree, cls: Defined) -> frozenset[Origin]:
        """What `self` is in a subclass: made where its constructor calls that of the framework."""
        number = class_scope(cls.module, cls.name)
        for node in tree.bindings.get(("__init__", number or 0), ()):
            for inner in own_nodes(node):
                if isinstance(inner, ast.Call) and self._class(tree, inner) == cls:
                    app = self.app(tree, inner)
                    return frozenset({app}) if app else frozenset({None})
        return frozenset({None})

    def _callers(self, given: Given, depth: int) -> set[Origin]:
        found: set[Origin] = set()
        for tree, argument in self.arguments(given):
            for origin in self.near(tree, argument):
                if isinstance(origin, Given):
                    found |= self._callers(origin, depth + 1) if depth < _DEEPEST else {None}
                else:
                    found.add(origin)
        return found or {given}

    def arguments(self, given: Given) -> Iterator[tuple[Tree, ast.expr]]:
        """What the callers in the project pass for a parameter."""
        name, is_method = given.function.name, isinstance(given.tree.holder(given.function), ast.ClassDef)
        called = name
        holder = given.tree.holder(given.function)
        if name == "__init__" and isinstance(holder, ast.ClassDef):
            called = holder.name
        for tree in self._trees.mentioning(called):
            for call in tree.calls():
                if _last(call.func) != called:
                    continue
                argument = _argument(call, given, shift=int(is_method))
                if argument is not None and (is_method or self._calls(tree, call, given)):
                    yield tree, argument

    def _calls(self, tree: Tree, call: ast.Call, given: Given) -> bool:
        return any(function is given.function for _, function in self.functions(tree, call.func))


def is_import_of(view: View, module: Module, name: str) -> bool:
    """Tell whether anything but its module uses a module-level name."""
    found = occurrences(view.project, module, name)
    return bool(found.imports or found.exports or found.mentions)


def external(view: View, tree: Tree, node: ast.expr) -> str | None:
    """The dotted name of something outside the project."""
    target = resolve(view.project, tree.module, tree.ref(node))
    return target.name if isinstance(target, External) else None


def _own_class(tree: Tree, node: ast.AST) -> Defined | None:
    """The class at module level in whose method the node stands."""
    for each in tree.above(node):
        if isinstance(each, ast.ClassDef):
            return Defined(tree.module, each.name) if tree.holder(each) is tree.root else None
    return None


def _receiver_class(tree: Tree, node: ast.Name) -> Defined | None:
    """The class, where the name is the first parameter of one of its methods."""
    holder = tree.definition(tree.binder(node.id, tree.scope(node)))
    if not isinstance(holder, Function) or not isinstance(tree.parent(holder), ast.ClassDef):
        return None
    first = [*holder.args.posonlyargs, *holder.args.args][:1]
    return _own_class(tree, holder) if first and first[0].arg == node.id else None


def _value(tree: Tree, target: ast.AST) -> ast.expr | None:
    """What a plain assignment binds to the name."""
    match tree.parent(target):
        case ast.Assign(targets=targets, value=value) if target in targets:
            return value
        case ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
            return value
    return None


def _stored(tree: Tree, cls: str, attribute: str) -> Iterator[ast.expr]:
    """The values that a class and its methods bind to `self.attribute`."""
    for node in ast.walk(tree.root):
        is_target = (
            isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store)
        )
        is_target = is_target or (
            isinstance(node, ast.Name) and node.id == attribute and isinstance(node.ctx, ast.Store)
        )
        if is_target and (owner := _own_class(tree, node)) is not None and owner.name == cls:
            value = _value(tree, node)
            if value is not None:
                yield value


def _last(callee: ast.expr) -> str:
    return (
        callee.id
        if isinstance(callee, ast.Name)
        else callee.attr
        if isinstance(callee, ast.Attribute)
        else ""
    )


def _argument(call: ast.Call, given: Given, *, shift: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == given.name:
            return keyword.value
    arguments = given.function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][shift:]
    if given.name in names and names.index(given.name) < len(call.args):
        found = call.args[names.index(given.name)]
        return None if isinstance(found, ast.Starred) else found
    return None
