"""Names for getters and for the storage behind them, free wherever they are used."""

import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from lazify.index.modules import Module
from lazify.index.project import BUILTINS
from lazify.index.view import View
from lazify.model.facts import MODULE

_BESIDE = ("lock", "unset")
"""What stands beside the storage, under its name with these at the end."""
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def stem(name: str) -> str:
    """Write a binding's name as a getter's stem: `APIKey`, `API_KEY` and `_api_key` give `api_key`."""
    return _WORD_START.sub("_", name.strip("_")).lower()


class Names:
    """Gives out names that no scope of the modules concerned binds or uses, each only once."""

    def __init__(self, view: View) -> None:
        """Start with the names that the project has."""
        self._view = view
        self._given: defaultdict[Module, set[str]] = defaultdict(set)
        self._local: defaultdict[Module, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        """By scope."""

    def getter(self, name: str, modules: Iterable[Module]) -> str:
        """Name the getter of `name`, free in all of `modules`; a private name stays private."""
        prefix = "_" if name.startswith("_") else ""
        return self._first_free((f"{prefix}{each}" for each in _getter_names(stem(name))), modules)

    def storage(self, name: str, module: Module) -> str:
        """Name the variable behind the getter: never `name` itself, so that a use nobody saw fails loudly."""
        return self._first_free(_storage_names(stem(name)), [module])

    def is_free(self, name: str, module: Module) -> bool:
        """Tell whether no scope of `module` binds or uses `name`, and no `import *` brings it for others to take."""
        is_known = name in self._view.taken(module) or name in self._given[module]
        is_known = is_known or any(name in names for names in self._local[module].values())
        # Importing a submodule binds its name in the package.
        is_known = is_known or self._view.project.has_submodule(module, name)
        is_known = is_known or self._view.project.star_source(module, name) is not None
        return not (is_known or keyword.iskeyword(name) or name in BUILTINS)

    def local(self, names: Iterable[str], module: Module, scope: int) -> str:
        """Give the first of `names` that `scope` may bind: functions beside it may have it for themselves."""
        name = next(each for each in names if self._is_free_in(each, module, scope))
        self._local[module][scope].add(name)
        return name

    def _is_free_in(self, name: str, module: Module, scope: int) -> bool:
        """Tell whether neither the scope nor one around it binds the name, and nothing uses a global of that name."""
        facts = module.facts
        around = [scope]
        while around[-1] != MODULE:
            around.append(facts.scopes[around[-1]].parent)
        is_known = name in facts.bindings or name in facts.uses or name in self._given[module]
        is_known = is_known or any(item.binds == name for item in facts.imports)
        for each in around:
            bound = facts.scopes[each]
            is_known = is_known or name in bound.locals or name in bound.definitions
            is_known = is_known or name in self._local[module][each]
            is_known = is_known or any(parameter.name == name for parameter in bound.parameters)
        is_known = is_known or self._view.project.has_submodule(module, name)
        return not (is_known or keyword.iskeyword(name) or name in BUILTINS)

    def give(self, name: str, module: Module) -> str:
        """Mark `name` as used in `module`."""
        self._given[module].add(name)
        return name

    def _first_free(self, names: Iterable[str], modules: Iterable[Module]) -> str:
        asked = tuple(modules)
        for name in names:
            if all(
                self.is_free(each, module)
                for module in asked
                for each in (name, *(f"{name}_{end}" for end in _BESIDE))
            ):
                for module in asked:
                    self.give(name, module)
                return name
        raise AssertionError("the supply of numbered names has no end")


def _getter_names(base: str) -> Iterator[str]:
    yield f"get_{base}"
    yield f"get_shared_{base}"
    number = 2
    while True:
        yield f"get_{base}_{number}"
        number += 1


def _storage_names(base: str) -> Iterator[str]:
    yield f"_{base}"
    yield f"_{base}_value"
    number = 2
    while True:
        yield f"_{base}_{number}"
        number += 1
