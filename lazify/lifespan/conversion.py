"""From registrations to a lifespan: its text, and the edits that put it in their place."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from lazify.getter.names import Names
from lazify.getter.problems import Problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.lifespan.apps import App
from lazify.lifespan.comments import around, behind, inside, of_item
from lazify.lifespan.constructors import empty, existing
from lazify.lifespan.elsewhere import import_text, importing, is_elsewhere, target_name
from lazify.lifespan.handing import Handed, handing
from lazify.lifespan.handlers import Handlers, Stable
from lazify.lifespan.kinds import Kind
from lazify.lifespan.merging import entering
from lazify.lifespan.registrations import Registrar, Registration
from lazify.lifespan.removal import removed
from lazify.lifespan.text import Lifespan, Step, lifespan_text
from lazify.lifespan.trees import Function
from lazify.model.changes import (
    HOLE,
    AddArgument,
    AddImport,
    Edit,
    Erase,
    InsertAfter,
    InsertBefore,
    Move,
    Replace,
)
from lazify.model.facts import MODULE, NameRef

_MANAGER = "asynccontextmanager"


@dataclass(slots=True)
class Conversion:
    """One application's handlers on their way into a lifespan."""

    view: View
    names: Names
    handlers: Handlers
    app: App
    edits: list[Edit] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    """Statements that go before the lifespan."""
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    """By module and name: what a handler of another module is called in the lifespan."""
    handed: dict[Registrar, dict[str, Handed]] = field(default_factory=dict)
    """By the text of each: the handlers that functions hand to the code that makes the application."""

    def run(self, registrations: Sequence[Registration]) -> Problem | None:
        """Work the edits out; give the reason why there are none."""
        steps: dict[str, list[Step]] = {"startup": [], "shutdown": []}
        gone = [each for each in registrations if each.event == "shutdown" and self._removes]
        for each in gone:
            self.edits += removed(self.view, each)
        for each in registrations:
            if each in gone:
                continue
            step = self._step(each)
            if isinstance(step, Problem):
                return step
            steps[each.event].append(step)
        if len(gone) == len(registrations):
            self.edits += [
                Erase(path=self.app.module.path, span=self.app.tree.span(each)) for each in self._keywords()
            ]
            return None
        for registrar, handed in self.handed.items():
            self.edits += handing(self.view, registrar, handed)
        lifespan = self._lifespan(steps["startup"], steps["shutdown"])
        if isinstance(lifespan, Problem):
            return lifespan
        self._place(lifespan)
        self._pass(lifespan.name)
        return None

    @property
    def _removes(self) -> bool:
        """What shuts down goes away, instead of into the lifespan."""
        return self.view.config.on_event == "remove" and existing(self.app) is None

    def _step(self, registration: Registration) -> Step | Problem:
        tree, handler = registration.tree, registration.handler
        awaited = self.handlers.is_awaited(tree, handler, registration.node)
        if awaited is None:
            text = handler.name if isinstance(handler, Function) else ast.unparse(handler)
            reason = f"whether {text} is to be awaited cannot be told"
            return Problem(f"{reason} ({where(tree.module, tree.span(registration.node))})", registration.at)
        if isinstance(handler, Function) and not self.handlers.is_bare(tree, handler, registration.node):
            reason = f"a decorator makes something else of {handler.name} after it is registered"
            return Problem(f"{reason} ({where(tree.module, tree.span(registration.node))})", registration.at)
        callee, imports = self._callee(registration)
        if registration.registrar is not None:
            callee = self._handed(registration.registrar, callee, is_awaited=awaited)
        return Step(callee=callee, is_awaited=awaited, comments=self._comments(registration), imports=imports)

    def _comments(self, registration: Registration) -> tuple[str, ...]:
        """What goes with the call in the lifespan, as nothing else is left of the registration."""
        tree = registration.tree
        if registration.keyword is not None:
            return of_item(tree, registration.node, registration.keyword.value)
        return around(tree, tree.statement(registration.node)) if self._is_stable(registration) else ()

    def _is_stable(self, registration: Registration) -> bool:
        """Tell whether nothing but the lifespan's call is left of the registration."""
        is_stable = Stable(self.view, self.handlers.origins).is_stable(
            registration.tree, registration.handler
        )
        return is_stable and not registration.is_decorator

    def _callee(self, registration: Registration) -> tuple[str, str | None]:
        """How the lifespan calls the handler: by its own name, or by one that is bound where it is registered."""
        tree, handler = registration.tree, registration.handler
        is_stable = Stable(self.view, self.handlers.origins).is_stable(tree, handler)
        if isinstance(handler, Function):
            self.edits.append(Erase(path=tree.module.path, span=tree.span(registration.node)))
            if comments := (*inside(tree, registration.node), *behind(tree, registration.node)):
                code = "".join(f"{line}\n" for line in comments)
                self.edits.append(InsertBefore(path=tree.module.path, span=tree.span(handler), code=code))
            name = handler.name if is_stable else self._fresh(registration)
            if not is_stable:
                code = f"{name} = {handler.name}\n"
                self.edits.append(InsertAfter(path=tree.module.path, span=tree.span(handler), code=code))
            return self._imported(registration, name)
        if is_stable:
            if registration.keyword is None:
                statement = tree.statement(registration.node)
                self.edits.append(Erase(path=tree.module.path, span=tree.span(statement)))
            return ast.unparse(handler), None
        name = self._fresh(registration)
        if registration.keyword is not None:
            self.before.append(f"{name} = {tree.cut(handler)}")
        else:
            code = "".join(f"{line}\n" for line in inside(tree, registration.node, handler))
            code += f"{name} = {HOLE}\n"
            self.edits.append(Move(path=tree.module.path, spans=(tree.span(handler),), code=code))
        return name, None

    def _imported(self, registration: Registration, name: str) -> tuple[str, str | None]:
        if not is_elsewhere(self.app, registration):
            return name, None
        module = registration.tree.module
        source = importing(self.view, self.app.module, module) or ""
        if (source, name) not in self.aliases:
            is_free = self.names.is_free(name, self.app.module)
            stem = module.name.rpartition(".")[2]
            self.aliases[source, name] = (
                self.names.give(name, self.app.module) if is_free else self._free(f"{stem}_{name}")
            )
        alias = self.aliases[source, name]
        return alias, import_text(source, name, alias)

    def _handed(self, registrar: Registrar, text: str, *, is_awaited: bool) -> str:
        """The name that a handler has where the function that registered it is called."""
        handed = self.handed.setdefault(registrar, {})
        if text not in handed:
            handed[text] = Handed(name=self._handed_name(registrar, text), is_awaited=is_awaited)
        name = handed[text].name
        return name if registrar.outer is None else self._handed(registrar.outer, name, is_awaited=is_awaited)

    def _handed_name(self, registrar: Registrar, text: str) -> str:
        module, caller = registrar.tree.module, registrar.caller
        stem = text.rpartition(".")[2].strip("_") or "handler"
        stems = [stem] if module is caller.module else [stem, f"{module.name.rpartition('.')[2]}_{stem}"]
        numbered = (f"{stems[-1]}_{number}" for number in count(2))
        return self.names.local(chain(stems, numbered), caller.module, caller.scope(registrar.call))

    def _fresh(self, registration: Registration) -> str:
        handler = registration.handler
        base = handler.name if isinstance(handler, Function) else _base(handler)
        stem = base if base.endswith("handler") or not base else f"{base}_handler"
        return self._free(stem.lower() or f"{registration.event}_handler", registration.tree.module)

    def _free(self, stem: str, module: Module | None = None) -> str:
        module = module or self.app.module
        number, name = 1, stem
        while not self.names.is_free(name, module):
            number += 1
            name = f"{stem}_{number}"
        return self.names.give(name, module)

    def _lifespan(self, startup: list[Step], shutdown: list[Step]) -> Lifespan | Problem:
        tree, call = self.app.tree, self.app.call
        manager, given = self._manager(), existing(self.app)
        inner = None if given is None else entering(self.view, self.handlers.origins, self.app, manager)
        if isinstance(inner, Problem):
            return inner
        target = target_name(tree.parent(call))
        name = self._lifespan_name(target, is_outer=inner is not None)
        taken = {step.callee.partition(".")[0] for step in (*startup, *shutdown)}
        taken |= set(re.findall(r"\w+", inner or ""))
        parameter = next(each for each in ("app", "application", "_app", "_application") if each not in taken)
        is_app = self.app.kind in (
            Kind.FASTAPI,
            Kind.STARLETTE,
        )  # a router's lifespan is given the application
        is_super = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
        return Lifespan(
            name=name,
            manager=manager,
            parameter=parameter,
            annotation=tree.cut(call.func) if is_app and not is_super else None,
            startup=tuple(startup),
            shutdown=tuple(shutdown),
            inner=inner,
            state=next(each for each in ("state", "given", "_state", "_given") if each not in taken),
        )

    def _lifespan_name(self, target: str | None, *, is_outer: bool) -> str:
        if is_outer:
            return self._free("lifespan_with_handlers")
        stems = ("lifespan", f"{target.strip('_')}_lifespan" if target else "app_lifespan")
        for stem in stems:
            if self.names.is_free(stem, self.app.module):
                return self.names.give(stem, self.app.module)
        return self._free(stems[-1])

    def _manager(self) -> str:
        """How `asynccontextmanager` is written in this module; it is imported if need be."""
        path = self.app.module.path
        for name, dotted in ((_MANAGER, f"contextlib.{_MANAGER}"), ("contextlib", "contextlib")):
            if self._has(name, dotted):
                return _MANAGER if name == _MANAGER else dotted + f".{_MANAGER}"
        if not self._is_bindable(_MANAGER) and self._is_bindable("contextlib"):
            self.edits.append(AddImport(path=path, module="contextlib"))
            return f"contextlib.{_MANAGER}"
        alias = None if self._is_bindable(_MANAGER) else self._free("async_context_manager")
        self.edits.append(AddImport(path=path, module="contextlib", name=_MANAGER, alias=alias))
        return alias or _MANAGER

    def _has(self, name: str, dotted: str) -> bool:
        """Tell whether an import above the application, in its own block or the module's, binds the name to that."""
        module, tree, made = self.app.module, self.app.tree, self.app.tree.statement(self.app.call)
        scope = tree.binder(name, self.app.scope)
        body: list[ast.stmt] = getattr(tree.definition(scope), "body", [])
        above = {tree.span(each) for each in body if each.lineno < made.lineno}
        is_imported = any(
            item.binds == name and item.scope == scope and item.statement_span in above
            for item in module.facts.imports
        )
        return is_imported and resolve(self.view.project, module, NameRef(name, scope)) == External(dotted)

    def _is_bindable(self, name: str) -> bool:
        """Tell whether the module may bind the name, and the application's scope will see that binding."""
        tree = self.app.tree
        is_seen = tree.binder(name, self.app.scope) == MODULE and (name, MODULE) not in tree.bindings
        return is_seen or self.names.is_free(name, self.app.module)

    def _place(self, lifespan: Lifespan) -> None:
        tree = self.app.tree
        statement = tree.span(tree.statement(self.app.call))
        before = "".join(f"{line}\n" for line in self.before)
        code = before + ("\n" if before else "") + lifespan_text(lifespan)
        self.edits.append(InsertBefore(path=self.app.module.path, span=statement, code=code))

    def _pass(self, name: str) -> None:
        tree, path = self.app.tree, self.app.module.path
        code = f"lifespan={name}"
        keywords = list(self._keywords())
        given = existing(self.app) or empty(self.app)
        if given is not None:
            self.edits.append(Replace(path=path, span=tree.span(given), code=code))
        elif keywords:
            self.edits.append(Replace(path=path, span=tree.span(keywords.pop(0)), code=code))
        else:
            self.edits.append(AddArgument(path=path, span=tree.span(self.app.call), code=code))
        self.edits += [Erase(path=path, span=tree.span(each)) for each in keywords]

    def _keywords(self) -> Iterator[ast.keyword]:
        """The `on_startup=` and `on_shutdown=` of the call, also where their lists are empty."""
        for keyword in self.app.call.keywords:
            if keyword.arg in ("on_startup", "on_shutdown"):
                yield keyword


def _base(handler: ast.expr) -> str:
    match handler:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name != "partial":
            return name.strip("_").removeprefix("create_").removeprefix("make_").removeprefix("get_")
        case ast.Call(args=[first, *_]):
            return _base(first)
        case _:
            return ""
