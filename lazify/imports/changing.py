"""Decisions as changes and refusals."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lazify.getter.hooks import hook
from lazify.imports.advice import Advice
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.imports.checkers import has_place
from lazify.imports.deciding import Deciding
from lazify.imports.decision import Decision
from lazify.imports.follow import add
from lazify.imports.keeping import kept
from lazify.imports.lazily import lazy_edits, listed_edit
from lazify.imports.pins import runtime_uses, typing_uses
from lazify.imports.placement import Spot, spots
from lazify.imports.writing import comment_behind, comments_above, line_of, lines_of
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import Change, Edit, Erase, InsertBefore, Refusal
from lazify.model.facts import MODULE, AttributeRef, CallRef, Ref, Scope, Use
from lazify.model.places import Place


def said(deciding: Deciding) -> Iterator[Change | Refusal]:
    """Yield what becomes of every candidate."""
    decisions = deciding.run()
    shared = _hooks(deciding, decisions) if deciding.grounds.mode == "function" else _lists(decisions)
    make = _change if deciding.grounds.mode == "function" else _lazy_change
    advice = (
        tuple(Advice(deciding.view.linters, deciding.grounds.guarding, decisions).notes())
        if deciding.grounds.mode == "function"
        else ()
    )
    for decision in decisions:
        if decision.moving:
            change = make(deciding, decision, shared)
            if deciding.view.config.wants(change.code):
                yield replace(change, notes=(*change.notes, *advice))
                advice = ()  # once is enough
        yield from _refusals(deciding, decision)


def _change(deciding: Deciding, decision: Decision, hooks: dict[Module, Edit]) -> Change:
    candidate = decision.candidate
    placed = _placed(decision)
    edits: list[Edit] = []
    if candidate.guard is not None:
        edits += deciding.grounds.guarding.edits(decision)
    else:
        edits += _erasures(deciding, decision)
        edits += _insertions(deciding, decision, placed)
    edits += _typing(deciding, decision)
    edits += (edit for name in decision.moving for edit in decision.followed[name])
    is_kept = any(any(kept(deciding.view, decision.exposed[name])) for name in decision.moving)
    if is_kept:
        edits.append(hooks[candidate.module])
    needed = {c.key for name in decision.moving for c in decision.needs[name]} - {candidate.key}
    return Change(
        key=candidate.key,
        code=_code(decision, placed),
        title=_title(decision, placed),
        at=candidate.place(decision.imports),
        why=decision.why,
        edits=tuple(dict.fromkeys(edits)),
        requires=frozenset(needed),
        notes=tuple(_notes(deciding, decision, placed)),
    )


def _lazy_change(deciding: Deciding, decision: Decision, lists: dict[Module, Edit]) -> Change:
    """The import stays where it is, and waits there (PEP 810)."""
    candidate = decision.candidate
    is_listed = deciding.grounds.mode == "lazy-modules"
    edits = (
        [lists[candidate.module]]
        if is_listed
        else list(lazy_edits(deciding.view, candidate.module, decision.imports))
    )
    is_are = "are" if " and " in candidate.package else "is"
    return Change(
        key=candidate.key,
        code="LZ203" if candidate.is_inherited else "LZ201",
        title=f"{candidate.package} {is_are} imported lazily",
        at=candidate.place(decision.imports),
        why=decision.why,
        edits=tuple(edits),
        notes=("Pythons before 3.15 import it at once",) if is_listed else (),
    )


def _lists(decisions: Sequence[Decision]) -> dict[Module, Edit]:
    """Write one list of lazy modules for each module: its changes share the edit."""
    waiting: dict[Module, list[HeavyImport]] = {}
    for decision in decisions:
        if decision.moving:
            waiting.setdefault(decision.candidate.module, []).extend(decision.imports)
    return {module: listed_edit(module, imports) for module, imports in waiting.items()}


def _code(decision: Decision, placed: "Placed") -> str:
    if decision.candidate.guard is not None:
        return "LZ202"
    if decision.candidate.is_inherited:
        return "LZ203"
    return "LZ204" if not placed and _typing_names(decision) else "LZ201"


Placed = dict[Spot, list[HeavyImport]]


def _placed(decision: Decision) -> Placed:
    """Sort the imports that move by the blocks that need them, both in the order of the file."""
    module, guard = decision.candidate.module, decision.candidate.guard
    if guard is not None and guard.text:  # it goes as a whole
        uses = [use for name in decision.moving for use in runtime_uses(decision.candidate, name)]
        return {spot: list(decision.imports) for spot in spots(module, uses)}
    found: Placed = {}
    for name in decision.moving:
        for spot in spots(module, runtime_uses(decision.candidate, name)):
            found.setdefault(spot, []).extend(decision.candidate.binding(name))
    order = {id(each): number for number, each in enumerate(decision.imports)}
    return {
        spot: sorted(imports, key=lambda each: order[id(each)])
        for spot, imports in sorted(found.items(), key=lambda pair: pair[0].before)
    }


def _erasures(deciding: Deciding, decision: Decision) -> Iterator[Edit]:
    module = decision.candidate.module
    for each in decision.imports:
        keeps_comments = comments_above(deciding.view, module, each.item, decision.leaving)[1]
        yield Erase(path=module.path, span=each.item.span, keeps_comments=keeps_comments)


def _insertions(deciding: Deciding, decision: Decision, placed: Placed) -> Iterator[Edit]:
    module = decision.candidate.module
    told: set[int] = set()
    for spot, imports in placed.items():
        fresh = [each for each in imports if id(each) not in told]
        told |= {id(each) for each in fresh}
        code = lines_of(deciding.view, module, imports, leaving=decision.leaving if fresh else None)
        yield InsertBefore(path=module.path, span=spot.before, code=code)


def _typing_names(decision: Decision) -> list[str]:
    return [name for name in decision.moving if typing_uses(decision.candidate, name)]


def _is_public(view: View, decision: Decision, name: str) -> bool:
    """Tell whether others go on taking the name from the module: its hook does not tell type checkers what it is."""
    exposed = decision.exposed[name] if decision.candidate.guard is None else ()
    is_public = any(each.is_exported for each in exposed) and any(kept(view, exposed))
    return is_public and has_place(view, decision.candidate.module)


def _typing(deciding: Deciding, decision: Decision) -> Iterator[Edit]:
    """What type checkers go on reading: annotations, and the names that others take from here."""
    module = decision.candidate.module
    for name in decision.moving:
        if not (typing_uses(decision.candidate, name) or _is_public(deciding.view, decision, name)):
            continue
        is_used = bool(runtime_uses(decision.candidate, name))
        for use in typing_uses(decision.candidate, name):
            quoted = _quoted(deciding, module, use)
            if quoted is not None:
                yield quoted
        if not any(binding.is_typing for binding in module.facts.bindings[name]):
            for each in decision.candidate.binding(name):
                behind = comment_behind(deciding.view, module, each.item)
                above, _ = comments_above(deciding.view, module, each.item, decision.leaving)
                above = [] if is_used else above
                yield add(module, each.text, behind=behind, above=tuple(above), is_typing=True)


def _quoted(deciding: Deciding, module: Module, use: Use) -> Edit | None:
    if use.is_typing or module.facts.scopes[use.scope].kind == "function":
        return None
    return deciding.grounds.annotations.quoted(module, use) or None


def _hooks(deciding: Deciding, decisions: Sequence[Decision]) -> dict[Module, Edit]:
    """Write one `__getattr__` for each module, for all its names: its changes share the edit."""
    served: dict[Module, dict[str, str]] = {}
    for decision in decisions:
        module = decision.candidate.module
        for name in decision.moving:
            if any(kept(deciding.view, decision.exposed[name])):
                served.setdefault(module, {})[name] = _answer(deciding.view, decision.candidate, name)
    says = "Import what other code may take from here when it asks for it."
    return {module: hook(deciding.view, module, names, says) for module, names in served.items()}


def _answer(view: View, candidate: Candidate, name: str) -> str:
    """What the module answers for the name: where the package is missing, what the guard left it with, if anything."""
    lines = "".join(f"{line_of(view, candidate.module, each)}\n" for each in candidate.binding(name))
    code, guard = f"{lines}\nreturn {name}\n", candidate.guard
    if guard is None or guard.text or guard.ends:
        return code
    if name in guard.nones:
        return f"if not {guard.flag}:\n    return None\n{code}"
    return f"if {guard.is_bound(candidate.binding(name)[0].item)}:\n" + textwrap.indent(code, "    ")


def _title(decision: Decision, placed: Placed) -> str:
    package = decision.candidate.package
    functions = sum(spot.scope != MODULE for spot in placed)
    is_are, it_them = ("are", "them") if " and " in package else ("is", "it")
    if not placed:
        whom = "for type checkers only" if _typing_names(decision) else "by those who take it from here"
        return f"{package} {is_are} imported {whom}"
    if not functions:
        return f"{package} {is_are} imported when the file runs as a script"
    guard = decision.candidate.guard
    looked_for = "" if guard is None or guard.text else "looked for, and "
    users = "the function" if functions == 1 else f"the {functions} functions"
    return f"{package} {is_are} {looked_for}imported by {users} using {it_them}"


def _notes(deciding: Deciding, decision: Decision, placed: Placed) -> Iterator[str]:
    scopes = decision.candidate.module.facts.scopes
    waiting = [scopes[spot.scope].name for spot in placed if scopes[spot.scope].is_async]
    if waiting:
        cost = max((e.heavy.cost.ms for e in decision.imports if e.heavy and e.heavy.cost), default=None)
        time = f" for about {cost} ms" if cost is not None else ""
        yield f"the first call of {waiting[0]}() blocks the event loop{time} while it imports"
    every = next((s.name for spot in placed if is_passed_by_all(s := scopes[spot.scope])), None)
    if every is not None:
        yield f"every request passes {every}(): the first one pays for the import"
    if (guard := decision.candidate.guard) is not None:
        packages = " and ".join(guard.packages)
        taken = " or ".join(each.item.name for each in decision.imports if each.item.name)
        lacks = f" or lacks {taken}" if taken else ""
        shows = "that it is missing" if guard.text else f"what is installed and cannot be imported{lacks}"
        yield f"{packages}: {shows} shows when it is used"
    for name in decision.moving:
        if reason := next(kept(deciding.view, decision.exposed[name]), None):
            yield f"{name} can still be taken from here: {reason}"


def is_passed_by_all(scope: Scope) -> bool:
    """Tell whether a function looks like middleware, by its name and what stands around it."""
    owner, _, name = scope.name.rpartition(".")
    is_middleware = "middleware" in owner.lower() and name in ("dispatch", "__call__", "process_request")
    return is_middleware or any(_last(each) in ("middleware", "before_request") for each in scope.decorators)


def _last(ref: Ref | None) -> str:
    callee = ref.callee if isinstance(ref, CallRef) else ref
    return callee.name if isinstance(callee, AttributeRef) else ""


def _refusals(deciding: Deciding, decision: Decision) -> Iterator[Refusal]:
    """Refuse what stays, once for a package: with what pins it itself, if anything does."""
    staying = [each for each in decision.candidate.imports if each.item.binds in decision.problems]
    if not staying:
        return
    each = next((e for e in staying if e.item.binds not in decision.pointless), staying[0])
    found = decision.problems[each.item.binds]
    is_guarded = decision.candidate.guard is not None or decision.candidate.problem is not None
    code = "LZ203" if decision.candidate.is_inherited else "LZ202" if is_guarded else "LZ201"
    # The imports on the way to what is pinned are no news, unless somebody asks for them.
    is_news = code != "LZ203" or deciding.view.config.select or deciding.view.config.entry
    if deciding.view.config.wants(code) and is_news:
        yield Refusal(
            code=code,
            title=f"{decision.candidate.package} is imported at module level",
            at=Place(decision.candidate.module.path, each.item.statement_span),
            reason=found.reason,
            why=(*decision.way, *decision.candidate.cost(staying)),
            blocked_by=found.at,
        )
