"""What a string that is the name of a module, or a look-up in a module, says of the names in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lazify.getter.problems import Problem, problem, where
from lazify.getter.reflection import READS_DICTIONARY, may_name
from lazify.getter.stores import tail
from lazify.index.dynamics import DICTIONARIES
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.model.facts import Argument, Dynamic, Form, Mention
from lazify.model.places import Span

_BY_DIRECTORY = frozenset({"from_object", "from_pyfile", "config_from_object", "getmembers", "run_module"})
"""Calls that list the names of a module, which a module `__getattr__` cannot serve."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A namespace whose name must keep working for those who cannot be seen."""

    namespace: Namespace
    reason: str
    is_assumed: bool = False
    """Nothing in the project shows it: a library's users may."""
    is_exported: bool = False
    """`__all__` offers the name to others."""
    importing: tuple[Module, Span] | None = None
    """Where the module is taken, among others, by a computed name, perhaps by code that does not ask for this name."""


def by_name(module: Module, mention: Mention, namespace: Namespace) -> Iterator[Exposed | Problem]:
    """Strings that are the module's dotted name."""
    callee = tail(mention)
    if callee == "getLogger":
        return
    if callee == "multiple" and any(a.keyword in (namespace.name, "**") for a in mention.arguments):
        yield problem(f"patch.multiple() replaces {namespace.name}", module, mention.span)
    elif mention.is_key and "sys" in module.facts.words:
        yield problem(f"{module.name} puts another module in its place", module, mention.span)
    elif mention.text.rpartition(".")[2] in DICTIONARIES:
        yield problem(f"{mention.text!r} may reach {namespace.name} by its name", module, mention.span)
    elif callee == "run_module" and mention.form is Form.STATEMENT:
        return
    elif callee in _BY_DIRECTORY or _is_settings(mention.arguments):
        yield problem(
            f"{mention.text!r} is loaded by its name and its names are listed", module, mention.span
        )
    elif callee in ("multiple", "dict"):
        return
    else:
        yield Exposed(namespace, f"{mention.text!r} names the module in a string")


def _is_settings(arguments: tuple[Argument, ...]) -> bool:
    """`os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)`: Django lists the names of that module."""
    return any(isinstance(a.constant, str) and a.constant.endswith("SETTINGS_MODULE") for a in arguments)


def by_dynamic(module: Module, dynamic: Dynamic, namespace: Namespace) -> Iterator[Exposed | Problem]:
    if not may_name(dynamic, namespace.name):
        return
    if dynamic.what == "dir" and "__dir__" in namespace.module.facts.bindings:
        return
    if dynamic.what == "getattr":
        yield Exposed(namespace, f"getattr() at {where(module, dynamic.span)} may name it")
    elif dynamic.what == "setattr" or dynamic.what in READS_DICTIONARY:
        yield problem(f"{dynamic.what} may reach {namespace.name} by its name", module, dynamic.span)
