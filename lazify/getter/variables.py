"""Variables of the environment that the making of a value reads and that the program sets by itself."""

import re
from collections.abc import Iterator

from lazify.getter.aliases.search import Aliases
from lazify.getter.class_changes import with_bases
from lazify.getter.earlier import Earlier
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.getter.tested import Tested
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View, runs_in_service
from lazify.knowledge.packages import called_variables
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE
from lazify.model.places import Span

_KEY = r"""\s*["'](\w+)["']\s*"""
_SET = re.compile(
    rf"\benviron(?:\[{_KEY}\]\s*[|+]?=[^=]|\.(?:pop|setdefault)\({_KEY}[,)])"
    rf"|\b(?:putenv|unsetenv)\({_KEY}[,)]"
    rf"|\bdel\s+(?:os\.)?environ\[{_KEY}\]"
    r"|\benviron\.(?:clear|popitem)\("
)
_STRING = re.compile(r"""["'](\w+)["']""")
_EXPANDED = re.compile(r"\$\{?(\w+)")
_ASKS_HOME = re.compile(r"\bexpanduser\b|\.home\(\)")
_HOME = frozenset({"HOME", "USERPROFILE"})
_READS = frozenset({EffectKind.ENVIRONMENT, EffectKind.SURROUNDINGS})
_SETTINGS = "BaseSettings"
"""Of pydantic-settings, and of pydantic before that."""
_DEFINITIONS = frozenset({"FunctionDef", "AsyncFunctionDef", "ClassDef"})


def variable_problem(view: View, group: Group) -> Iterator[Problem]:
    """`os.environ["KEY"] = …` somewhere in the program, and KEY among what the making reads."""
    yield from spelled_variable_problem(view, group)
    yield from handed_variable_problem(view, group)


def spelled_variable_problem(view: View, group: Group) -> Iterator[Problem]:
    """The same, as far as the text of the program and of its tests tells."""
    keys, prefixes, ends = _read(view, group), tuple(_prefixes(view, group)), tuple(_fields(view, group))

    def is_read(key: str) -> bool:
        return not key or key in keys or key.startswith(prefixes) or key.lower().endswith(ends)

    reads = bool(keys or prefixes or ends)
    for module, line, key in view.once(variables_set) if reads else ():
        if is_read(key) and not _is_above(view, group, module, line):
            yield problem(f"the program sets {key or 'variables'} itself", module, Span(line, 0, line, 0))
    for module, line, name in view.once(Tested).variables(group.module) if reads else ():
        if name is None or is_read(name):
            reason = f"a test sets {name or 'the environment'} after it imported {group.module.name}"
            yield problem(reason, module, Span(line, 0, line, 0))
    for module, line, name in view.once(Tested).passing_variables(group.module) if reads else ():
        if name is None or is_read(name):
            reason = f"a test sets {name or 'the environment'} only while it imports {group.module.name}"
            yield problem(reason, module, Span(line, 0, line, 0))


def handed_variable_problem(view: View, group: Group) -> Iterator[Problem]:
    """The same, where code has `os.environ` under another name: objects are followed through the whole project."""
    keys = _read(view, group)
    for change in view.once(Aliases).handed_on("os.environ") if keys else ():
        spelled = _STRING.findall(view.text(change.module).cut(change.span))
        is_it = not spelled or not keys.isdisjoint(spelled)
        if (
            is_it
            and runs_in_service(change.module)
            and not _is_above(view, group, change.module, change.span.line)
        ):
            yield problem("the program sets variables itself", change.module, change.span)


def variables_set(view: View) -> tuple[tuple[Module, int, str], ...]:
    """Where the program sets variables that it names; the name is empty where all of them are meant."""
    found: list[tuple[Module, int, str]] = []
    for module in view.project.mentioning("os"):
        if runs_in_service(module) and module.facts.words & {"environ", "putenv", "unsetenv"}:
            text = view.text(module).whole
            for match in _SET.finditer(text):
                key = next(filter(None, match.groups()), "")
                found.append((module, text.count("\n", 0, match.start()) + 1, key))
    return tuple(found)


def _read(view: View, group: Group) -> frozenset[str]:
    """What may be the names of variables that the making reads; none where it reads no variable."""
    effects = (e for number in group.statements for e in view.effects.of_statement(group.module, number))
    return _named(view, group) if any(effect.kind in _READS for effect in effects) else frozenset()


def _prefixes(view: View, group: Group) -> Iterator[str]:
    """How the names of variables begin that the packages read which the making calls."""
    statements = group.module.facts.statements
    making = (number for number in group.statements if statements[number].kind not in _DEFINITIONS)
    effects = (e for number in making for e in view.effects.of_statement(group.module, number))
    for package in {effect.callee.partition(".")[0] for effect in effects}:
        yield from called_variables(package)


def _fields(view: View, group: Group) -> Iterator[str]:
    """The fields of settings that the making reads from the environment: `class Settings(BaseSettings): token: str`.

    Their variables are called so, in whatever case, and may have a prefix.
    """
    made = {
        view.effects.class_of(group.module, group.module.facts.statements[number].value, MODULE)
        for number in group.statements
        if any(_SETTINGS in e.callee for e in view.effects.of_statement(group.module, number))
    }
    for cls in made:
        family = with_bases(view, cls) if isinstance(cls, Defined) else {}
        bodies = [(owner.module, owner.module.facts.scopes[number]) for owner, number in family.items()]
        bases = (resolve(view.project, module, base) for module, body in bodies for base in body.bases)
        if any(isinstance(base, External) and base.name.rpartition(".")[2] == _SETTINGS for base in bases):
            yield from (name.lower() for _, body in bodies for name in body.locals)


def _named(view: View, group: Group) -> frozenset[str]:
    """The texts that the making and the functions it runs hold: the variables' names are among them."""
    places = [(group.module, group.module.facts.statements[number].span) for number in group.statements]
    for path, scope in view.effects.reached((group.module, number) for number in group.statements):
        module = view.project.modules[path]
        places.append((module, module.facts.scopes[scope].span))
    texts = [view.text(module).cut(span) for module, span in places]
    found = {key for text in texts for key in _STRING.findall(text)}
    found |= {key for text in texts if "expandvars" in text for key in _EXPANDED.findall(text)}
    return frozenset(found | (_HOME if any(map(_ASKS_HOME.search, texts)) else frozenset()))


def _is_above(view: View, group: Group, module: Module, line: int) -> bool:
    """Tell whether the line runs before the making: it is in no function, and has run then."""
    for statement in module.facts.statements:
        if statement.span.line <= line <= statement.span.end_line:
            return statement.kind not in _DEFINITIONS and view.once(Earlier).has_run(module, line, group)
    return False
