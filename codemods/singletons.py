"""LZ101, LZ102, LZ103: values that are made at import are made on first use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from lazify.codemod import Example
from lazify.getter.asking import Exposed
from lazify.getter.candidates import Candidate, candidates, with_makers
from lazify.getter.circumstances import circumstance_problem
from lazify.getter.closing import closed
from lazify.getter.doubles import Doubles
from lazify.getter.drawn import drawn_note
from lazify.getter.exits import exit_problem
from lazify.getter.exposure import Exposures
from lazify.getter.formats import format_problem, spelled_out
from lazify.getter.groups import Group, syntax_problem, use_problem
from lazify.getter.inputs import handed_problem, input_problem
from lazify.getter.keeping import kept_names
from lazify.getter.lost import lost_problem
from lazify.getter.making import made
from lazify.getter.names import Names
from lazify.getter.narrowing import narrowed
from lazify.getter.patches import is_replacement, replaced, stored
from lazify.getter.paths import path_problem
from lazify.getter.pins import Waiting, import_time_uses, name_problem
from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection, redirected, redirection
from lazify.getter.timing import effect_problem, surroundings_problem
from lazify.imports.makers import packs
from lazify.index.occurrences import Namespace
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.model.changes import Change, Edit, Refusal
from lazify.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Singletons:
    """A value whose making has an effect gets a getter, and everything that used the value calls it.

    The getter makes the value once, under a lock, when it is first asked for; a failure is not remembered.
    What spans several statements moves as a whole: `try`, `if`, `with`, tuple targets, and the statements that
    only configure the value. Values computed from it at import become getters too.

    Refused where import-time code needs the value (decorators, base classes, default values, calls), where the
    value would be another later (clocks, counters, registries), where somebody looks the name up by itself
    (`app`, tools, reflection), and where a use cannot be written as a call (annotations, `case` patterns).
    """

    order: ClassVar[int] = 100
    codes: ClassVar[Mapping[str, str]] = {
        "LZ101": "an instance whose construction has an effect is made at import",
        "LZ102": "a file, network, database or process call is bound at import",
        "LZ103": "a required environment variable is read at import",
    }
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ101",
            before={
                "store.py": "import sqlite3\n\n\nclass Store:\n    def __init__(self):\n"
                '        self.rows = sqlite3.connect("store.db")\n\n\nstore = Store()\n',
                "api.py": "from store import store\n\n\ndef rows():\n    return store.rows\n",
            },
            after={
                "store.py": "import sqlite3\nimport threading\n\n\nclass Store:\n    def __init__(self):\n"
                '        self.rows = sqlite3.connect("store.db")\n\n\n_store: "Store | None" = None\n'
                "_store_lock = threading.RLock()\n\n\ndef get_store() -> Store:\n"
                '    """Return the shared Store, made on first use."""\n    global _store\n    if _store is None:\n'
                "        with _store_lock:\n            if _store is None:\n                _store = Store()\n"
                "    return _store\n",
                "api.py": "from store import get_store\n\n\ndef rows():\n    return get_store().rows\n",
            },
        ),
        Example(
            code="LZ102",
            before={
                "settings.py": 'import json\n\nwith open("config.json") as file:\n    config = json.load(file)\n\n\n'
                'def debug():\n    return config["debug"]\n'
            },
            after={
                "settings.py": "import json\nimport threading\n\n_config = ...  # until first use: None is a value\n"
                "_config_lock = threading.RLock()\n\n\ndef get_config():\n"
                '    """Return the shared value, made on first use."""\n    global _config\n    if _config is ...:\n'
                "        with _config_lock:\n            if _config is ...:\n"
                '                with open("config.json") as file:\n                    config = json.load(file)\n'
                "                _config = config\n    return _config\n\n\n"
                'def debug():\n    return get_config()["debug"]\n'
            },
        ),
        Example(
            code="LZ103",
            before={
                "keys.py": 'import os\n\nAPI_KEY = os.environ["API_KEY"]\n\n\ndef headers():\n'
                '    return {"authorization": API_KEY}\n'
            },
            after={
                "keys.py": "import os\nimport threading\n\n"
                '_api_key: "str | None" = None\n_api_key_lock = threading.RLock()\n\n\n'
                'def get_api_key() -> str:\n    """Return the shared str, made on first use."""\n'
                "    global _api_key\n    if _api_key is None:\n        with _api_key_lock:\n"
                '            if _api_key is None:\n                _api_key = os.environ["API_KEY"]\n'
                "    return _api_key\n\n\ndef headers():\n"
                '    return {"authorization": get_api_key()}\n'
            },
        ),
        Example(
            code="LZ101",
            before={"limits.py": 'limiter = open("limits.log")\n\n\n@limiter.write\ndef home(): ...\n'},
            refused="the decorator at limits.py:4 needs limiter at import",
        ),
    )

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Say which values become getters, and which stay and why."""
        return iter(_Planning(view).run())


class _Planning:
    """The decisions about one project, each taken once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._names = Names(view)
        self._exposures = Exposures(view)
        self._doubles = Doubles(view)
        self._packs = packs(view)
        wanted = {statement: why for pack in self._packs for statement, why in pack.why.items()}
        self._found: dict[Group, Candidate] = {c.group: c for c in candidates(view, wanted)}
        self._silent: set[Group] = {g for g, c in self._found.items() if self._is_unwanted(c)}
        self._edits: dict[Group, tuple[Edit, ...]] = {}
        self._parts: dict[Group, tuple[Redirection, ...]] = {}
        self._exposed: dict[Group, tuple[Exposed, ...]] = {}
        self._lazy: set[Namespace] = set()

    def run(self) -> list[Change | Refusal]:
        waiting = self._settled()
        for late in (self._nature_problem, partial(handed_problem, self._view)):
            waiting.refuse({g: p for g in waiting.waiting if (p := late(g)) is not None})
        self._leave_packs(waiting)
        self._leave_needless(waiting)
        kept = kept_names(self._view, {g: (self._parts[g], self._exposed[g]) for g in waiting.waiting})
        waiting.refuse({g: p for g, p in kept.items() if isinstance(p, Problem)})
        self._leave_needless(waiting)
        self._lazy = {n for g in waiting.waiting for found in g.occurrences for n in found.namespaces}
        said: list[Change | Refusal] = []
        for group, candidate in self._found.items():
            if group not in waiting.problems:
                said.append(self._change(candidate, waiting, kept.get(group, ())))
            elif group not in self._silent and not candidate.bases and not candidate.is_configured:
                # What is only computed from others stands in their reasons.
                said.append(self._refusal(candidate, waiting.problems[group]))
        return said

    def _settled(self) -> Waiting:
        """Find the groups that can wait, together with those whose making is all that needs them at import."""
        problems: dict[Group, Problem] = {}
        asked: set[Group] = set()
        while True:
            new = [group for group in self._found if group not in asked]
            problems |= {g: p for g in new if (p := self._problem(g)) is not None}
            asked |= self._found.keys()
            waiting = Waiting(self._view, self._found, problems)
            makers = with_makers(self._view, self._found.values(), waiting.reaching)
            self._found = {c.group: c for c in makers}
            if self._found.keys() == asked:
                return waiting
            self._silent |= {g for g in self._found.keys() - asked if self._is_unwanted(self._found[g])}

    def _is_unwanted(self, candidate: Candidate) -> bool:
        group, view = candidate.group, self._view
        ignores = group.module.facts.ignores
        for number in group.statements:
            span = group.module.facts.statements[number].span
            lines = (ignores[line] for line in range(span.line, span.end_line + 1) if line in ignores)
            if any(not codes or candidate.code in codes for codes in lines):
                return True
        return not view.config.wants(candidate.code) or self._key(candidate) in view.declined

    def _key(self, candidate: Candidate) -> str:
        module = candidate.group.module
        return f"{module.path.as_posix()}:{'+'.join(candidate.group.names)}"

    def _problem(self, group: Group) -> Problem | None:
        """Say why a group cannot become a getter whatever the others do; keep what was worked out if it can."""
        if group in self._silent:
            return Problem("it is left out by choice")
        if found := name_problem(self._view, group) or syntax_problem(self._view, group):
            return found
        if found := effect_problem(self._view, group) or use_problem(self._view, group):
            return found
        if not self._found[group].bases and (found := surroundings_problem(self._view, group)):
            return found
        if not group.is_single_assignment and (found := path_problem(self._view, group)):
            return found
        if found := format_problem(self._view, group):
            return found
        if found := input_problem(self._view, group) or circumstance_problem(self._view, group):
            return found
        values = {Defined(each.module, name) for each in self._found for name in each.names}
        found = self._doubles.problem(group, followed=values)
        if found := found or lost_problem(self._view, self._exposures, group):
            return found
        exposed: list[Exposed] = []
        for each in (each for found in group.occurrences for each in self._exposures.of(found)):
            if isinstance(each, Problem):
                return each
            exposed.append(each)
        parts = tuple(redirection(self._view, self._names, group, i) for i in range(len(group.names)))
        edits: list[Edit] = []
        for edit in self._all_edits(parts):
            if isinstance(edit, Problem):
                return edit
            edits.append(edit)
        self._parts[group], self._exposed[group], self._edits[group] = parts, tuple(exposed), tuple(edits)
        return None

    def _all_edits(self, parts: tuple[Redirection, ...]) -> Iterator[Edit | Problem]:
        yield from made(self._view, self._names, parts)
        for part in parts:
            replacements = [mention for mention in part.found.mentions if is_replacement(mention)]
            closing = closed(self._view, part, replacements)
            yield from exit_problem(self._view, part, closing, self._found)
            yield from redirected(self._view, part, {**narrowed(self._view, part, closing), **closing})
            for mention in replacements:
                if closing:
                    yield stored(self._view, part, mention)
                else:
                    yield from replaced(self._view, part, mention)

    def _nature_problem(self, group: Group) -> Problem | None:
        """What must exist at import by its nature is refused only if nothing nearer pins it."""
        if self._found[group].is_declaration:
            reason = f"{group.names[0]} declares something: it has to exist at import"
            return problem(reason, group.module, group.first.span)
        return None

    def _leave_packs(self, waiting: Waiting) -> None:
        """An import goes when all that keeps it has become lazy: where one value stays, the others may."""
        found = {(g.module, number): g for g in self._found for number in g.statements}
        asked = {g for g in waiting.waiting if self._found[g].is_for_others}
        useful: set[Group] = set()
        for pack in self._packs:
            groups = {found.get(statement) for statement in pack.why}
            if not any(group is None or group in waiting.problems for group in groups):
                useful.update(group for group in groups if group is not None)
        idle = asked - useful
        self._silent |= idle
        waiting.refuse({group: Problem("what its making needs stays for others") for group in idle})

    def _leave_needless(self, waiting: Waiting) -> None:
        """What is only computed from others has no reason to wait when none of them does."""
        while True:
            idle = {
                group
                for group in waiting.waiting
                if (bases := self._found[group].bases) and all(base in waiting.problems for base in bases)
            }
            if not idle:
                return
            self._silent |= idle
            waiting.refuse({group: Problem("nothing that it is computed from waits") for group in idle})

    def _change(self, candidate: Candidate, waiting: Waiting, kept: tuple[Edit, ...] | Problem) -> Change:
        group = candidate.group
        first = self._parts[group][0]
        names = ", ".join(f"{p.name} becomes {p.getter}()" for p in self._parts[group])
        needed = {(u.module, u.use.statement) for u in import_time_uses(group)}
        requires = {g for g in waiting.waiting if g is not group and any(g.owns(m, n) for m, n in needed)}
        return Change(
            key=self._key(candidate),
            code=candidate.code,
            title=names,
            at=Place(group.module.path, group.first.span),
            why=candidate.why,
            edits=(
                *self._edits[group],
                *spelled_out(self._view, group, self._lazy),
                *(kept if isinstance(kept, tuple) else ()),
            ),
            requires=frozenset(self._key(self._found[g]) for g in requires),
            notes=tuple(self._notes(group, first)),
        )

    def _notes(self, group: Group, first: Redirection) -> Iterator[str]:
        if first.accessor is not None:
            yield f"{first.getter}() existed and only returned the value: it makes it now"
        yield from drawn_note(self._view, group)
        for exposed in self._exposed[group][:1]:
            if self._view.config.keep_names != "never":
                yield f"{exposed.namespace.name} keeps working by its old name: {exposed.reason}"

    def _refusal(self, candidate: Candidate, why: Problem) -> Refusal:
        group = candidate.group
        title = f"{', '.join(group.names)} is made at import"
        at = Place(group.module.path, group.first.span)
        return Refusal(
            code=candidate.code, title=title, at=at, reason=why.reason, why=candidate.why, blocked_by=why.at
        )
