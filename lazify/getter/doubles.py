"""Test doubles: a value that is first made while a test replaces something it is made with would keep the double."""

from collections.abc import Container, Iterable, Iterator
from functools import cached_property

from lazify.getter.endings import patched_names
from lazify.getter.groups import Group
from lazify.getter.patches import REPLACERS
from lazify.getter.problems import Problem, problem
from lazify.getter.stores import tail
from lazify.getter.tested import Tested
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, InModule, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, Does, Dynamic, Mention, Role, Use
from lazify.model.places import Span

Replaced = tuple[Defined | External, tuple[str, ...]]
"""A module-level name, or something outside the project, and the attributes of it that lead to what is replaced."""

_BUILTINS = "builtins"
_FOR_LOADING = frozenset(
    {
        "builtins.__import__", "builtins.open", "importlib.import_module", "io.open", "os.listdir", "os.path.exists",
        "os.path.isdir", "os.path.isfile", "pathlib.Path.exists", "pathlib.Path.is_file", "pathlib.Path.open",
        "pathlib.Path.read_text", "platform.system", "sys.path", "sys.platform", "sys.version_info",
    }
)  # fmt: skip
"""What packages ask while they are imported: files of their own, and what they run on."""


class Doubles:
    """Finds what tests replace; gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def problem(self, group: Group, followed: Container[Target | None]) -> Problem | None:
        """Refuse when a test replaces something that making the value looks up by name.

        What is `followed` becomes a getter itself, and the test replaces that.
        """
        if not self._replaced:
            return None
        reached = [
            (self._view.project.modules[path], scope)
            for path, scope in self._view.effects.reached((group.module, n) for n in group.statements)
        ]
        for key in (*self._named(group, reached), *_methods(reached), *self._builtins(group, reached)):
            if key in self._replaced and self._meant(key[0]) not in followed:
                for module, span in self._replaced[key]:
                    tested, line = self._view.once(Tested), span.line
                    is_seen = not _is_everywhere(key) or tested.has_imported(module, group.module, line=line)
                    if is_seen or tested.imports_for_a_while(module, group.module, line):
                        name = ".".join((key[0].name, *key[1]))
                        return problem(f"a test replaces {name}, which making it uses", module, span)
        return None

    def while_loading(self, owner: Module) -> Iterator[tuple[str, Module, Span]]:
        """Yield what tests replace that have imported the module, and what an import in its functions would meet."""
        for key, places in self._replaced.items():
            name = ".".join((key[0].name, *key[1]))
            for module, span in places if isinstance(key[0], External) and name in _FOR_LOADING else ():
                if self._view.once(Tested).has_imported(module, owner, line=span.line):
                    yield name, module, span

    def _meant(self, target: Defined | External) -> Target | None:
        return (
            self._view.project.lookup(target.module, target.name) if isinstance(target, Defined) else target
        )

    @cached_property
    def _replaced(self) -> dict[Replaced, list[tuple[Module, Span]]]:
        found: dict[Replaced, list[tuple[Module, Span]]] = {}
        for module in self._view.project.modules.values():
            for mention in module.facts.mentions:
                if tail(mention) in REPLACERS:
                    for key in self._keys(module, mention):
                        found.setdefault(key, []).append((module, mention.span))
            for dynamic in module.facts.dynamics:
                for key in self._below_modules(module, dynamic) if dynamic.what == "patch" else ():
                    found.setdefault(key, []).append((module, dynamic.span))
        return found

    def _below_modules(self, module: Module, dynamic: Dynamic) -> Iterator[Replaced]:
        """`patch(f"{module.__name__}.Client")`, of whatever module."""
        names = patched_names(self._view.text(module).cut(dynamic.span))
        for owner in self._view.project.mentioning(names[0]) if names else ():
            if names[0] in owner.facts.bindings:
                yield from self._followed(InModule(owner), names)

    def _keys(self, module: Module, mention: Mention) -> Iterator[Replaced]:
        """`patch("m.Client")`, `patch("m.Client.connect")`, `patch.object(m, "Client")`."""
        project = self._view.project
        if mention.position == 0:
            if found := project.find(mention.text.replace(":", "."), seen_from=module):
                yield from self._followed(InModule(found[0]), found[1])
            elif "." in mention.text:
                yield External(mention.text), ()
        elif mention.position == 1 and mention.arguments:
            owner = resolve(project, module, mention.arguments[0].ref)
            if isinstance(owner, Defined):
                yield owner, (mention.text,)
            elif owner is not None:
                yield from self._followed(owner, (mention.text,))

    def _followed(self, owner: Target, names: tuple[str, ...]) -> Iterator[Replaced]:
        """Yield the name itself, in the module that is patched, or what an attribute of it is."""
        project = self._view.project
        for place, name in enumerate(names):
            rest = names[place + 1 :]
            if isinstance(owner, InModule) and not rest:
                yield Defined(owner.module, name), ()
            following = project.member(owner, name)
            if isinstance(following, Defined) and rest:
                yield following, rest
            if following is None or isinstance(following, Defined):
                return
            owner = following
        if isinstance(owner, External):
            yield owner, ()

    def _named(self, group: Group, reached: Iterable[tuple[Module, int]]) -> Iterator[Replaced]:
        """Yield the names that the statements and the functions they reach look up, as each module spells them."""
        scopes = frozenset(reached)
        for module in dict.fromkeys((group.module, *(module for module, _ in scopes))):
            for use in (use for uses in module.facts.uses.values() for use in uses):
                if (module, use.scope) in scopes or group.owns(module, use.statement):
                    yield from self._steps(module, use)

    def _builtins(self, group: Group, reached: Iterable[tuple[Module, int]]) -> Iterator[Replaced]:
        """Yield the functions of Python that run: `builtins.open`."""
        for module, number in ((group.module, MODULE), *reached):
            for operation in module.facts.scopes[number].operations:
                if operation.does is Does.CALL and (
                    number != MODULE or operation.statement in group.statements
                ):
                    target = resolve(self._view.project, module, operation.subject)
                    if isinstance(target, Builtin):
                        yield External(f"{_BUILTINS}.{target.name}"), ()

    def _steps(self, module: Module, use: Use) -> Iterator[Replaced]:
        if use.role is Role.STORE:
            return
        if use.bound == MODULE:
            yield Defined(module, use.name), ()
        target = self._view.project.named(module, use)
        for attribute in use.attributes:
            if isinstance(target, InModule):
                yield Defined(target.module, attribute), ()
            elif isinstance(target, Defined):
                yield target, (attribute,)
            target = self._view.project.member(target, attribute)
            if isinstance(target, External):
                yield target, ()


def _is_everywhere(key: Replaced) -> bool:
    """Tell whether it is `builtins.open` or its like: that a test replaces it means a value only if it could see it."""
    return isinstance(key[0], External) and key[0].name.partition(".")[0] == _BUILTINS


def _methods(reached: Iterable[tuple[Module, int]]) -> Iterator[Replaced]:
    """Yield each function that runs as what it is to its module: `Client.connect`."""
    for module, number in reached:
        first, *rest = module.facts.scopes[number].name.split(".")
        yield Defined(module, first), tuple(rest)
