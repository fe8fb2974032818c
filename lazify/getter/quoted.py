"""Code in strings that names something: `[sys.executable, "-c", "from a import box"]`, `timeit("a.b", "import a")`."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from lazify.index.lines import plain_span
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.index.quoted import imports_in
from lazify.index.view import View
from lazify.index.words import as_word
from lazify.model.places import Span
from lazify.statements import parse

_PROMPTS = (">>>", "...")
_CODE = frozenset({"eval", "exec"})
_DICTIONARY = re.compile(r"__dict__|\b(?:vars|globals|dir|getmembers|reload)\s*\(")


class Reach(NamedTuple):
    """A string whose code reaches a name."""

    module: Module
    span: Span
    does: Literal["asks", "takes all", "sets"]
    """It asks the module for the name, takes what is in its dictionary, or gives the name another value there."""


class _String(NamedTuple):
    text: str
    span: Span


class QuotedCode:
    """Finds the code in strings that names something; each fact of the project is gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project
        self._shown: dict[Module, list[tuple[int, str]]] = {}
        self._texts: dict[Module, list[_String]] = {}

    def reaching(self, namespace: Namespace) -> Iterator[Reach]:
        """Yield the strings of code that reach the name."""
        name = namespace.name
        attribute, bare = re.compile(rf"\.\s*{re.escape(name)}\b"), re.compile(as_word(name))
        for module, text, span in self._evaluated:
            if attribute.search(text):
                yield Reach(module, span, "asks")
        for module in self._importers.get(namespace.module, ()):
            if name in self._view.text(module).whole:
                yield from self._imports(module, namespace, bare)
        for module in self._project.mentioning(name) if self._runs_strings else ():
            if module in self._runs_strings:
                spelled = (each for each in self._strings(module) if attribute.search(each.text))
                yield from (Reach(module, each.span, "asks") for each in spelled)

    def shown(self, namespace: Namespace) -> Iterator[tuple[Module, Span]]:
        """Yield the examples in other modules' documentation that reach the name: `>>> from a import box`."""
        owner, name = namespace.module, re.escape(namespace.name)
        last = owner.name.rpartition(".")[2]
        reaching = re.compile(rf"{as_word(last)}(?:\.{name}\b|\s+import\b.*\b{name}\b)")
        project = self._project
        near = {importer for importer, _ in self._view.importers(owner)}
        for module in project.modules.values() if self._runs_examples else near:
            lines = () if module is owner else self._examples(module)
            found = (n for n, line in lines if namespace.name in line and reaching.search(line))
            if (number := next(found, None)) is not None:
                yield module, Span(number, 0, number, 0)

    @cached_property
    def _runs_examples(self) -> bool:
        """Tell whether the project runs the examples in its documentation: `addopts = --doctest-modules`."""
        return bool(self._project.mentioning("doctest")) or any(
            "doctest" in text for text in self._view.platform_files.values()
        )

    def _examples(self, module: Module) -> list[tuple[int, str]]:
        """List the lines of a file that are examples, with their numbers."""
        if module not in self._shown:
            lines = enumerate(self._view.text(module).whole.split("\n"), start=1)
            self._shown[module] = [(n, line) for n, line in lines if line.lstrip(" \t").startswith(_PROMPTS)]
        return self._shown[module]

    def _imports(self, module: Module, namespace: Namespace, name: re.Pattern[str]) -> Iterator[Reach]:
        """Yield what code in strings does with the name, which may be in another string than the import."""
        strings = self._strings(module)
        spelled = [each for each in strings if name.search(each.text)]
        for each in strings if spelled else ():
            for item in imports_in(each.text):
                found = (self._project.find(name, seen_from=module) for name in item.modules)
                if (namespace.module, ()) in found:
                    yield Reach(module, each.span, _does(namespace, spelled, is_star=item.is_star))

    def _strings(self, module: Module) -> list[_String]:
        """List the strings of a module but for documentation."""
        if module not in self._texts:
            tree = parse(self._view.text(module).whole)
            documented = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
            constants = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in documented)
            self._texts[module] = [_String(text, plain_span(n)) for n in constants if (text := _text(n))]
        return self._texts[module]

    @cached_property
    def _runs_strings(self) -> frozenset[Module]:
        """The modules that run code which they have under a name."""
        return frozenset(
            module
            for module in self._project.modules.values()
            if any(each.what in _CODE and not each.literal for each in module.facts.dynamics)
        )

    @cached_property
    def _importers(self) -> dict[Module, list[Module]]:
        """The modules whose strings may import a module of the project."""
        importers: dict[Module, list[Module]] = {}
        for module in self._project.modules.values():
            found = (self._project.find(name, seen_from=module) for name in module.facts.quoted_imports)
            for owner in {each[0] for each in found if each and not each[1]}:
                importers.setdefault(owner, []).append(module)
        return importers

    @cached_property
    def _evaluated(self) -> list[tuple[Module, str, Span]]:
        return [
            (module, dynamic.literal, dynamic.span)
            for module in self._project.modules.values()
            for dynamic in module.facts.dynamics
            if dynamic.what in _CODE and dynamic.literal
        ]


def _text(node: ast.Constant) -> str:
    match node.value:
        case str(text):
            return text
        case bytes(raw):
            return raw.decode(errors="replace")
        case _:
            return ""


def _does(
    namespace: Namespace, spelled: list[_String], *, is_star: bool
) -> Literal["asks", "takes all", "sets"]:
    name = re.escape(namespace.name)
    sets = re.compile(
        rf"\.\s*{name}\s*(?:[-+*/|&^@%]|//|\*\*|<<|>>)?=(?!=)|\bdel\b[^\n;]*\.{name}\b|\b(?:set|del)attr\(|\bpatch\b"
    )
    if any(sets.search(each.text) for each in spelled):
        return "sets"
    takes_all = is_star or any(_DICTIONARY.search(each.text) for each in spelled)
    return "takes all" if takes_all else "asks"
