"""What else happens when a module of the project is imported: others may notice that it happens later."""

import sys
from dataclasses import dataclass, field

from lazify.getter.problems import Problem, problem
from lazify.imports.body_inputs import BodyInputs
from lazify.imports.candidates import DIRECT, runs_at_import
from lazify.imports.circles import Circles
from lazify.imports.graph import Graph
from lazify.imports.operators import Operators
from lazify.imports.package_effects import PackageEffects
from lazify.imports.takers import Takers
from lazify.imports.traces import trace_problem
from lazify.imports.weight import Weights
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import BUILTINS, Builtin, Defined, External, InModule
from lazify.index.view import View
from lazify.knowledge.heavy import Costs
from lazify.model.effects import Effect, EffectKind, Level
from lazify.model.facts import MODULE, Does, Import, ItemRef, NameRef, Ref, Scope, Statement
from lazify.order.walk import packages_around

_ORDER = frozenset(
    {
        EffectKind.STATE,
        EffectKind.LOOP,
        EffectKind.EXIT,
        EffectKind.PROCESS,
        EffectKind.THREAD,
        EffectKind.SLEEP,
        EffectKind.CLOCK,
    }
)
_DEFINITIONS = frozenset({"FunctionDef", "AsyncFunctionDef", "ClassDef"})
_AT_EXIT = External("atexit.register")
_DEEPEST = 20
_VALUES = frozenset({"Assign", "AnnAssign"})


@dataclass(frozen=True, slots=True)
class Bodies:
    """Answers for the modules of one project."""

    view: View
    takers: Takers
    costs: Costs
    graph: Graph
    inputs: BodyInputs
    packages: PackageEffects
    circles: Circles
    weights: Weights
    operators: Operators
    known: dict[Module, Problem | None] = field(default_factory=dict)
    """Why a module's body has to run when it does today; filled as it is asked for."""
    clean: set[Module] = field(default_factory=set)
    """Modules without such a reason in anything that they import; filled as well."""

    def problem(self, module: Module, item: Import) -> Problem | None:
        """Say why an import of the project's own has to stay, whatever uses its name."""
        if item.name == "*":
            return problem("import * brings whatever is there", module, item.span)
        if module.facts.statements[item.statement].kind not in DIRECT:
            return problem(f"whether {item.binds} is imported depends on something", module, item.span)
        target = self.view.project.import_target(module, item)
        if isinstance(target, Defined) and (found := self.inputs.rebound(module, target)):
            return found
        return self._run_problem(module, item)

    def dropped_problem(self, module: Module, item: Import) -> Problem | None:
        """Say why modules of the project have to run where an import of what they only hand on runs them today."""
        if item.is_typing:
            return None
        running = set(packages_around(self.view.project, module))
        for other in module.facts.imports:
            # A light import of a module that has to run stays: see `problem`.
            if (
                other.span != item.span
                and runs_at_import(module, other)
                and not self.weights.of(module, other)
            ):
                running.update(self.graph.targets(module, other))
        if running.issuperset(self.graph.targets(module, item)):
            return self.circles.problem(module, item)  # run today, but by something that may come after it
        return self._run_problem(module, item)

    def _run_problem(self, module: Module, item: Import) -> Problem | None:
        """Say why what an import runs has to run when it does today."""
        for each in self.graph.targets(module, item):
            if each not in self.clean and (found := self._closure_problem(each)):
                return found
        return self._relied_on(module, item) or self.circles.problem(module, item)

    def _closure_problem(self, target: Module) -> Problem | None:
        """Say why one of the bodies that importing `target` runs has to run when it does today."""
        queue, seen = [target], {target}
        while queue:
            at = queue.pop()
            if found := self._body_problem(at) or self.packages.of_body(at) or self.inputs.problem(at):
                return found
            fresh = [m for m in self.graph.direct(at) if m not in seen and m not in self.clean]
            seen.update(fresh)
            queue += fresh
        self.clean.update(seen)
        return None

    def _body_problem(self, module: Module) -> Problem | None:
        if module not in self.known:
            self.known[module] = None  # an import cycle ends here
            statements = enumerate(module.facts.statements)
            found = (self._statement_problem(module, n, s) for n, s in statements if s.guard is None)
            self.known[module] = (
                next((each for each in found if each is not None), None)
                or self._at_exit(module)
                or trace_problem(self.view, module)
                or self.operators.problem(module)
            )
        return self.known[module]

    def _at_exit(self, module: Module) -> Problem | None:
        """What a module does at the end of the program it does not do where nothing imports it."""
        if "atexit" not in module.facts.words:
            return None
        calls = (
            (o.subject, o.span)
            for o in module.facts.scopes[MODULE].operations
            if o.does is Does.CALL and not o.deferred
        )
        decorators = (
            (ref, s.span) for s in module.facts.scopes for ref in s.decorators if s.parent == MODULE
        )
        for ref, span in (*calls, *decorators):
            if resolve(self.view.project, module, ref) == _AT_EXIT:
                return problem(f"importing {module.name} has something done at exit", module, span)
        return None

    def _statement_problem(self, module: Module, number: int, statement: Statement) -> Problem | None:
        if statement.kind == "ClassDef" and (found := self._class_problem(module, statement)):
            return found
        for effect in self.view.effects.of_statement(module, number):
            if effect.kind in _ORDER and not effect.callee.startswith(f"{module.name}."):
                return problem(
                    f"importing {module.name} does something others see ({effect.callee})",
                    module,
                    statement.span,
                )
            if effect.level is Level.RISKY and not self._is_private(module, statement, effect):
                return problem(
                    f"importing {module.name} may do something others see ({effect.callee})",
                    module,
                    statement.span,
                )
        return None

    def _is_private(self, module: Module, statement: Statement, effect: Effect) -> bool:
        """Tell whether unknown code can hardly reach further than the value or class that it makes."""
        name = effect.callee.rpartition(".")[2].lower()
        if "register" in name or "connect" in name:
            return False
        if statement.kind in _VALUES and statement.binds:
            return True
        if statement.kind not in _DEFINITIONS:
            return False
        scope = next((s for s in module.facts.scopes[1:] if s.span == statement.span), None)
        return scope is not None and not scope.decorators

    def _class_problem(self, module: Module, statement: Statement) -> Problem | None:
        """A class may be entered in a list that its bases keep."""
        if self.view.project.mentioning("__subclasses__"):
            return problem(
                "the project lists subclasses, and this one would come later", module, statement.span
            )
        scope = _class_at(module, statement)
        if scope is not None and not all(self._keeps_no_list(module, base, 0) for base in scope.bases):
            return problem(
                f"a base class of {scope.name} may do something others see", module, statement.span
            )
        return None

    def _keeps_no_list(self, module: Module, base: Ref | None, depth: int) -> bool:
        ref = base.value if isinstance(base, ItemRef) else base
        match resolve(self.view.project, module, ref):
            case External(name):
                cost = self.costs.of(name)
                is_plain = cost is not None and not cost.is_framework
                return is_plain or name.partition(".")[0] in sys.stdlib_module_names
            case Builtin():
                return True
            case Defined(where, name) if depth < _DEEPEST:
                number = where.facts.scopes[MODULE].definitions.get(name)
                scope = where.facts.scopes[number] if number is not None else None
                if scope is None or scope.kind != "class" or scope.metaclass is not None:
                    return False
                return all(self._keeps_no_list(where, each, depth + 1) for each in scope.bases)
            case None:
                return (
                    isinstance(ref, NameRef)
                    and ref.name in BUILTINS
                    and not module.facts.bindings.get(ref.name)
                )
        return False

    def _relied_on(self, module: Module, item: Import) -> Problem | None:
        """`import pkg` and `pkg.models.Net` elsewhere: it is this import that makes `pkg.models` an attribute."""
        project = self.view.project
        for target in self.graph.targets(module, item)[-1:]:
            last = target.name.rpartition(".")[2]
            for other in project.mentioning(last):
                for use in other.uses_through(last):
                    is_reaching = self._reaches(other, use.name, use.bound, use.attributes, target)
                    if is_reaching and not self._imports(other, target, but=item):
                        reason = f"{other.name} uses {target.name} without importing it"
                        return problem(reason, other, use.span)
        return None

    def _reaches(
        self, module: Module, name: str, bound: int, attributes: tuple[str, ...], target: Module
    ) -> bool:
        at = resolve(self.view.project, module, NameRef(name, bound))
        for attribute in attributes:
            at = self.view.project.member(at, attribute)
            if at == InModule(target):
                return True
        return False

    def _imports(self, module: Module, target: Module, *, but: Import) -> bool:
        return any(
            item.span != but.span and target in self.graph.targets(module, item)
            for item in module.facts.imports
        )


def _class_at(module: Module, statement: Statement) -> Scope | None:
    return next((s for s in module.facts.scopes[1:] if s.span == statement.span), None)
