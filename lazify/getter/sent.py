"""Functions that other processes get as code, with the values of the names that they use.

    with open("c.json") as file:          cloudpickle writes what no other process finds by its name: functions of the
        conf = json.load(file)            script that runs, nested ones, and those that a decorator hides
    @ray.remote
    def work(x): return x * conf["k"]     `conf` goes along, with all that the program has changed in it

A getter would go there with its lock, which cannot be written; from another module, it would make a value anew there.
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.conveyed import conveyed, top_of
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem, where
from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View, runs_in_service
from lazify.knowledge.sending import is_sender, sender_packages
from lazify.model.facts import MODULE, AttributeRef, CallRef, Ref, Role, Scope, Use
from lazify.model.places import Span

_WHOLE = frozenset({"dump_module", "dump_session", "register_pickle_by_value", "save_main_session"})
"""What makes of a whole module something that goes as code: of cloudpickle, dill and Apache Beam."""
_FUNCTIONS = frozenset({"function", "lambda"})
_NO_VALUES = frozenset({Role.ANNOTATION, Role.DECORATOR})


def sent_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse a value that a function or class reads which may go to other processes."""
    for found in group.occurrences:
        for use in found.uses:
            if (
                not use.depth
            ):  # `settings.conf` finds the module there, and the value that this process has made
                yield from _goes_along(view, use.module, use.use)


def sent_import_problem(view: View, module: Module, name: str) -> Problem | None:
    """Refuse to move the import of a value that would go along: the other process may not have its module.

    Functions, classes and modules it imports anyway: they are found by their names.
    """
    target = view.project.lookup(module, name)
    if not isinstance(target, Defined) or target.name in target.module.facts.scopes[MODULE].definitions:
        return None
    uses = module.facts.uses.get(name, ())
    return next((found for use in uses for found in _goes_along(view, module, use)), None)


def _goes_along(view: View, module: Module, use: Use) -> Iterator[Problem]:
    is_global = use.bound == MODULE and use.deferred and not use.is_typing
    if is_global and (sent := view.once(Sending).of(module, use.scope)):
        name, sender = sent
        reason = f"{name} may be sent to another process as code, with the value, since {sender} does that"
        yield problem(reason, module, use.span)


class Sending:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._given: dict[Module, frozenset[int]] = {}

    def of(self, module: Module, scope: int) -> tuple[str, str] | None:
        """Name the function or class that may be sent as code, if this scope is part of one, and where that is done."""
        sender = self._above.get(module) or self._beside.get(module) if scope != MODULE else None
        if sender is None:
            return None
        top, is_nested = self._path(module, scope)
        name = module.facts.scopes[top].name
        is_nested = is_nested and (self._sends_nested(module) or Defined(module, name) in self._hands_on)
        if top not in self._sent(module) and not is_nested:
            return None
        return module.facts.scopes[top].name, where(*sender)

    def _sends_nested(self, module: Module) -> bool:
        """A nested function is handed on by who knows what: in a big program, mostly not to what sends."""
        return module in self._beside or self._is_script(module)

    @cached_property
    def _direct(self) -> dict[Module, Span]:
        """The modules that name what sends, each with the place."""
        packages, found = sender_packages(), dict[Module, Span]()
        for module in self._view.project.modules.values():
            is_near = any(item.module.partition(".")[0] in packages for item in module.facts.imports)
            if is_near and runs_in_service(module):
                uses = (use for uses in module.facts.uses.values() for use in uses)
                if use := next((use for use in uses if self._names(module, use)), None):
                    found[module] = use.span
        return found

    @cached_property
    def _hands_on(self) -> set[Defined]:
        """The functions that send what they get, or hand it on to one that does, in whatever module."""
        seeds = {
            function
            for module in self._direct
            for uses in module.facts.uses.values()
            for use in uses
            if (function := top_of(module, use.scope)) and self._names(module, use)
        }
        return conveyed(self._view, seeds).through

    def _names(self, module: Module, use: Use) -> bool:
        target = None if use.is_typing else self._view.project.named(module, use)
        return isinstance(target, External) and is_sender(".".join((target.name, *use.attributes)))

    @cached_property
    def _above(self) -> dict[Module, tuple[Module, Span]]:
        """What is such a module, or imports one, however far down: a script may hand its functions on."""
        found = {module: (module, span) for module, span in self._direct.items()}
        queue = list(found)
        while queue:
            at = queue.pop(0)
            for importer, _ in self._view.importers(at):
                if importer not in found and runs_in_service(importer):
                    found[importer] = found[at]
                    queue.append(importer)
        return found

    @cached_property
    def _beside(self) -> dict[Module, tuple[Module, Span]]:
        """What is such a module, imports one, or is imported by one; all below it, where modules are sent whole."""
        found = {module: (module, span) for module, span in self._direct.items()}
        project = self._view.project
        for module, at in tuple(found.items()):
            below = {
                owner for item in module.facts.imports for owner in project.imported_modules(module, item)
            }
            if not module.facts.words.isdisjoint(_WHOLE):
                below = import_closure(project, [module])
            above = {each for each, _ in self._view.importers(module) if runs_in_service(each)}
            for each in below | above:
                found.setdefault(each, at)
        return found

    def _path(self, module: Module, scope: int) -> tuple[int, bool]:
        """Give the definition at module level that a scope is part of, and whether something nested in it may go."""
        scopes = module.facts.scopes
        is_nested = scopes[scope].kind == "lambda"
        while (parent := scopes[scope].parent) != MODULE:
            is_local = scopes[parent].kind in _FUNCTIONS
            is_nested = is_nested or (
                is_local and self._goes_by_decorators(module, scopes[scope]) is not False
            )
            scope = parent
        return scope, is_nested

    def _sent(self, module: Module) -> frozenset[int]:
        if module not in self._given:
            self._given[module] = frozenset(self._found(module))
        return self._given[module]

    def _found(self, module: Module) -> set[int]:
        """Number the functions and classes at module level that go as code.

        A module is found by its name, and so is what is defined in it, unless a decorator hides that. The script that
        runs is not: there, all that is handed on goes, and what that uses.
        """
        scopes = module.facts.scopes
        tops = scopes[MODULE].definitions
        if any(map(self._view.project.mentioning, sorted(_WHOLE))):
            return set(tops.values())
        decorated = {number: self._goes_by_decorators(module, scopes[number]) for number in tops.values()}
        if not self._is_script(module):
            return {number for number, goes in decorated.items() if goes}
        uses = {
            n: [u for u in module.facts.uses.get(name, ()) if u.bound == MODULE] for name, n in tops.items()
        }
        sent = {n for n, goes in decorated.items() if goes is not False and any(map(_is_handed, uses[n]))}
        sent |= {n for n, goes in decorated.items() if goes or (goes is None and scopes[n].decorators)}
        sent |= {n for n in tops.values() if scopes[n].kind == "class" and uses[n]}
        while used := {n for n in uses if n not in sent and self._is_used(module, uses[n], sent)}:
            sent |= used
        return sent

    def _is_used(self, module: Module, uses: list[Use], sent: set[int]) -> bool:
        return any(use.scope != MODULE and self._path(module, use.scope)[0] in sent for use in uses)

    def _is_script(self, module: Module) -> bool:
        """Tell whether it may run under another name than its own."""
        is_guarded = any(statement.guard == "main" for statement in module.facts.statements)
        is_imported = any(runs_in_service(importer) for importer, _ in self._view.importers(module))
        return is_guarded or not is_imported

    def _goes_by_decorators(self, module: Module, scope: Scope) -> bool | None:
        """Tell whether one of its decorators sends it; None where that cannot be told, or where it has none."""
        answers = [self._sends(module, decorator) for decorator in scope.decorators]
        if any(answers):
            return True
        return None if None in answers or not answers else False

    def _sends(self, module: Module, decorator: Ref | None) -> bool | None:
        ref = decorator
        while isinstance(ref, CallRef):
            ref = ref.callee
        target = resolve(self._view.project, module, ref)
        if target is None:
            while isinstance(ref, AttributeRef | CallRef):
                ref = ref.value if isinstance(ref, AttributeRef) else ref.callee
            target = self._view.effects.class_of(module, ref, MODULE)
        match target:
            case External(name):
                return is_sender(name)
            case Builtin():
                return False
            case Defined(owner, _) if owner in self._direct:
                return True
            case _:
                return None


def _is_handed(use: Use) -> bool:
    """Tell whether a function is a value there: `run(work)`, `work.remote()`, and not `work()`."""
    return use.role not in _NO_VALUES and not (use.is_called and not use.attributes)
