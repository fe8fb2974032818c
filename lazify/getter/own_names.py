"""Whether code that looks names up may look into the module that it stands in.

exec(code, {"np": np})            another dictionary
sys.modules[name].size            another name, whatever module it is
sys._getframe(1).f_locals         those of a function, unless the module itself is what runs
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from lazify.getter.spelled import Spelled
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Argument, Does, Dynamic
from lazify.model.places import Span


class OwnNames:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._spelled: dict[Module, Spelled] = {}

    def is_left_out(self, module: Module, dynamic: Dynamic, name: str) -> bool:
        """Tell whether the look-up is known to be none for this name among the module's own."""
        match dynamic.what:
            case "eval" | "exec":
                return self._has_namespace(module, dynamic)
            case "f_locals" if self._is_of_function(module, dynamic):
                return True
            case "f_locals" | "f_globals":
                keys = self._spelled_in(module).keys(dynamic.span)
                return keys is not None and name not in keys
            case "sys.modules":
                own = module.name.rpartition(".")[2]
                return self._spelled_in(module).leads_elsewhere(dynamic.span, name, own)
            case "globals":
                return self._spelled_in(module).passes_names_to_import(dynamic.span)
            case "dir":
                return self.leaves_out(module, dynamic.span, name)
            case _:
                return False

    def leaves_out(self, module: Module, span: Span, name: str) -> bool:
        """Tell whether what is made of the list of names at this place has neither the name nor a getter's."""
        return self._spelled_in(module).leaves_out(span, name)

    def _spelled_in(self, module: Module) -> Spelled:
        if module not in self._spelled:
            self._spelled[module] = Spelled(self._view.text(module).whole)
        return self._spelled[module]

    def _has_namespace(self, module: Module, dynamic: Dynamic) -> bool:
        """How the dictionary of `exec(code, names)` came about, by `globals()` perhaps, is a look-up of its own."""
        if "__globals__" in module.facts.words:
            return False  # `exec(code, function.__globals__)`
        for operation in module.facts.scopes[dynamic.scope].operations:
            if operation.does is Does.CALL and operation.span == dynamic.span:
                return any(
                    self._view.text(module).cut(a.span) != "None" for a in _namespaces(operation.arguments)
                )
        return False

    def _is_of_function(self, module: Module, dynamic: Dynamic) -> bool:
        """The module's own frame can only be met while it runs: at import, or for good where it is a script."""
        is_script = any(statement.guard == "main" for statement in module.facts.statements)
        return (
            not (is_script or self._executes)
            and dynamic.scope != MODULE
            and (module.path, dynamic.scope) not in self._at_import
        )

    @cached_property
    def _executes(self) -> bool:
        """Tell whether importing a module runs code from a string, which may call any function in its frame."""
        return any(
            dynamic.what in ("exec", "eval")
            and not self._has_namespace(module, dynamic)
            and (dynamic.scope == MODULE or (module.path, dynamic.scope) in self._at_import)
            for module in self._view.project.modules.values()
            for dynamic in module.facts.dynamics
        )

    @cached_property
    def _at_import(self) -> Mapping[tuple[Path, int], tuple[Evidence, ...]]:
        return self._view.effects.reached(
            (module, number)
            for module in self._view.project.modules.values()
            if runs_in_service(module)
            for number in range(len(module.facts.statements))
        )


def _namespaces(arguments: tuple[Argument, ...]) -> list[Argument]:
    """Give the argument that is the dictionary of names, where there is one for certain."""
    if any(argument.keyword in ("*", "**") for argument in arguments):
        return []
    positional = [argument for argument in arguments if argument.keyword is None]
    return positional[1:2] or [argument for argument in arguments if argument.keyword == "globals"]
