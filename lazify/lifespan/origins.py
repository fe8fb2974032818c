"""Where an application was made: from an expression back to the constructor calls that it may come from."""

import ast
from collections.abc import Iterator

from lazify.index.occurrences import resolve
from lazify.index.project import Defined, Target
from lazify.index.view import View
from lazify.lifespan.annotations import kind_named
from lazify.lifespan.apps import App, Given, Origin, Step, class_around, receiver_class
from lazify.lifespan.kinds import Kind, class_scope, kind_of, lineage
from lazify.lifespan.reaching import reaching
from lazify.lifespan.shapes import argument, default_of, returned
from lazify.lifespan.trees import Function, Tree, Trees, own_nodes
from lazify.model.facts import MODULE, NameRef


class Origins:
    """Follows expressions back to constructor calls, through names, attributes, modules, calls and arguments."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Look into the modules of `view`."""
        self._view = view
        self._trees = trees
        self._apps: dict[ast.Call, App | None] = {}
        self._passed: dict[Given, frozenset[Origin]] = {}
        self._near: dict[ast.expr, frozenset[Origin]] = {}

    def of(self, tree: Tree, node: ast.expr) -> frozenset[Origin]:
        """All that the expression may come from; parameters are followed to the callers that can be found."""
        found: set[Origin] = set()
        for origin in self.near(tree, node):
            found |= self._callers(origin) if isinstance(origin, Given) else {origin}
        return frozenset(found)

    def near(self, tree: Tree, node: ast.expr) -> frozenset[Origin]:
        """The same, without looking at the callers."""
        if node not in self._near:
            self._near[node] = frozenset({None})  # what is asked for while it is worked out
            found: set[Origin] = set()
            seen: set[ast.expr] = {node}
            queue: list[tuple[Tree, ast.expr]] = [(tree, node)]
            while queue:
                for each in self._step(*queue.pop()):
                    if not isinstance(each, tuple):
                        found.add(each)
                    elif each[1] not in seen:
                        seen.add(each[1])
                        queue.append(each)
            self._near[node] = frozenset(found or {None})
        return self._near[node]

    def _step(self, tree: Tree, node: ast.expr) -> Iterator[Step]:
        match node:
            case ast.Call():
                yield from self._call(tree, node)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                yield tree, value
            case ast.Attribute():
                yield from self._attribute(tree, node)
            case ast.Name():
                yield from self._name(tree, node)
            case ast.IfExp(body=body, orelse=other):
                yield tree, body
                yield tree, other
            case ast.BoolOp(values=values):
                yield from ((tree, value) for value in values)
            case ast.Constant(value=None):
                return  # on which nothing can be registered
            case _:
                yield None

    def of_name(self, target: Defined) -> frozenset[Origin]:
        """All that a module-level name may come from."""
        found: set[Origin] = set()
        for each in self._defined_name(target):
            found |= self.of(*each) if isinstance(each, tuple) else {each}
        return frozenset(found)

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
        """Tell what an expression is an instance of, by annotations and by what callers pass, too."""
        for origin in self.near(tree, node):
            found = origin.kind if isinstance(origin, App) else None
            if isinstance(origin, Given):
                passed = (each.kind for each in self._callers(origin) if isinstance(each, App))
                found = self._annotated(origin) or next(passed, None)
            if found is not None:
                return found
        target = self._view.effects.class_of(tree.module, tree.ref(node), tree.scope(node))
        return kind_of(self._view.project, target) or self._declared(tree, node)

    def _declared(self, tree: Tree, node: ast.expr) -> Kind | None:
        """By the annotation of an attribute in the body of its class."""
        if not isinstance(node, ast.Attribute):
            return None
        for each in lineage(self._view.project, self.owner(tree, node.value)):
            number = class_scope(each.module, each.name) if isinstance(each, Defined) else None
            if number is None or not isinstance(each, Defined):
                continue
            where = self._trees.of(each.module)
            for target in where.bindings.get((node.attr, number), ()):
                parent = where.parent(target)
                if isinstance(parent, ast.AnnAssign):
                    return kind_named(self._view.project, where, parent.annotation, number)
        return None

    def _annotated(self, given: Given) -> Kind | None:
        for parameter in ast.walk(given.function.args):
            if isinstance(parameter, ast.arg) and parameter.arg == given.name and parameter.annotation:
                return kind_named(
                    self._view.project, given.tree, parameter.annotation, given.tree.scope(given.function)
                )
        return None

    def _class(self, tree: Tree, call: ast.Call) -> Target | None:
        match call.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
                return class_around(tree, call)
            case ast.Name() | ast.Attribute() as func:
                return resolve(self._view.project, tree.module, tree.ref(func))
        return None

    def _call(self, tree: Tree, call: ast.Call) -> Iterator[Step]:
        app = self.app(tree, call)
        if app is not None:
            yield app
            return
        functions = list(self.functions(tree, call.func))
        for where, function in functions:
            yield from ((where, value) for value in returned(function))
        if not functions:
            yield None

    def functions(self, tree: Tree, callee: ast.expr) -> Iterator[tuple[Tree, Function]]:
        """The functions of the project that the expression may be, each with its module's tree."""
        if isinstance(callee, ast.Name) and (scope := tree.binder(callee.id, tree.scope(callee))) != MODULE:
            bound = tree.bindings.get((callee.id, scope), ())
            yield from ((tree, node) for node in bound if isinstance(node, Function))
        match callee:
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
        cls = self.target(tree, callee.value)  # of what is called on the class itself
        is_class = isinstance(cls, Defined) and class_scope(cls.module, cls.name) is not None
        owner = cls if is_class else self.owner(tree, callee.value)
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
        if isinstance(node, ast.Name) and (found := receiver_class(tree, node)) is not None:
            return found
        return self._view.effects.class_of(tree.module, tree.ref(node), tree.scope(node))

    def _attribute(self, tree: Tree, node: ast.Attribute) -> Iterator[Step]:
        target = resolve(self._view.project, tree.module, tree.ref(node))
        if isinstance(target, Defined):
            yield from self._bound(self._trees.of(target.module), target.name, MODULE)
            return
        values: list[Step] = [
            (where, value)
            for each in lineage(self._view.project, self.owner(tree, node.value))
            if isinstance(each, Defined)
            for where in [self._trees.of(each.module)]
            for value in where.stored(each.name, node.attr)
        ]
        values = values or [
            (where, value)
            for where, method in self._methods(tree, node)
            if "property" in map(_last_word, method.decorator_list)
            for value in returned(method)
        ]
        if not values and node.attr == "router":
            values.append((tree, node.value))  # of an application, which registers there what it is given
        yield from values or [None]

    def _name(self, tree: Tree, node: ast.Name) -> Iterator[Step]:
        scope = tree.binder(node.id, tree.scope(node))
        if scope == MODULE:
            target = self._view.project.lookup(tree.module, node.id)
            if target == Defined(tree.module, node.id) and tree.scope(node) == MODULE:
                yield from self._bound(tree, node.id, MODULE, use=node)
            else:
                yield from self._defined_name(target)
            return
        cls = receiver_class(tree, node)
        if cls is not None and kind_of(self._view.project, cls) is not None:
            yield self._super(tree, cls)
            return
        yield from self._bound(tree, node.id, scope, use=node if scope == tree.scope(node) else None)

    def _defined_name(self, target: Target | None) -> Iterator[Step]:
        if isinstance(target, Defined):
            yield from self._bound(self._trees.of(target.module), target.name, MODULE)
        else:
            yield None

    def _bound(self, tree: Tree, name: str, scope: int, *, use: ast.expr | None = None) -> Iterator[Step]:
        """What binds the name; of several bindings in plain sequence, the one that reaches `use`."""
        nodes = tree.bindings.get((name, scope), ())
        for node in nodes if use is None else reaching(tree, use, nodes):
            function = tree.definition(scope)
            if isinstance(node, ast.arg) and isinstance(function, Function):
                yield Given(tree, function, name)
            elif (value := tree.value(node)) is not None:
                yield tree, value
            elif isinstance(node, ast.alias):
                target = resolve(self._view.project, tree.module, NameRef(name, scope))
                is_itself = target == Defined(tree.module, name)  # one of several bindings
                yield from [None] if is_itself else self._defined_name(target)
            else:
                yield None

    def _super(self, tree: Tree, cls: Defined) -> Origin:
        """What `self` is in a subclass: made where its constructor calls that of the framework."""
        number = class_scope(cls.module, cls.name)
        for node in tree.bindings.get(("__init__", number or 0), ()):
            for inner in own_nodes(node):
                if isinstance(inner, ast.Call) and self._class(tree, inner) == cls:
                    return self.app(tree, inner)
        return None

    def _callers(self, given: Given) -> frozenset[Origin]:
        """What the callers pass, and theirs, as far as they can be found; the parameter itself without any."""
        if given not in self._passed:
            found: set[Origin] = set()
            seen, queue = {given}, [given]
            while queue:
                for tree, passed in self.arguments(queue.pop()):
                    for origin in self.near(tree, passed):
                        if not isinstance(origin, Given):
                            found.add(origin)
                        elif origin not in seen:
                            seen.add(origin)
                            queue.append(origin)
            self._passed[given] = frozenset(found or {given})
        return self._passed[given]

    def arguments(self, given: Given) -> Iterator[tuple[Tree, ast.expr]]:
        """What the callers in the project pass for a parameter, and what it is without."""
        if (default := default_of(given.function, given.name)) is not None:
            yield given.tree, default
        name, is_method = given.function.name, isinstance(given.tree.holder(given.function), ast.ClassDef)
        called = name
        holder = given.tree.holder(given.function)
        if name == "__init__" and isinstance(holder, ast.ClassDef):
            called = holder.name
        for tree in self._trees.mentioning(called):
            for call in tree.calls_of(called):
                passed = argument(call, given.function, given.name, shift=int(is_method))
                if passed is not None and self._calls(tree, call, given, is_method=is_method):
                    yield tree, passed

    def _calls(self, tree: Tree, call: ast.Call, given: Given, *, is_method: bool) -> bool:
        """Tell whether a call of that name is one of the function; of a method, if nothing speaks against it."""
        functions = [function for _, function in self.functions(tree, call.func)]
        return given.function in functions if functions or not is_method else True


def _last_word(decorator: ast.expr) -> str:
    """`property` of `property` and `functools.cached_property`."""
    return ast.unparse(decorator).rpartition(".")[2].removeprefix("cached_")
