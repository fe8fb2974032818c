"""What a name means where it stands, by Python's rules of scoping, and how code binds it."""

import builtins
from collections.abc import Iterable

from lazify.index.binders import Names
from lazify.index.drafts import CLASS, COMPREHENSION, FUNCTION, LAMBDA, MODULE_BODY, TYPES, Draft, Frame, Name
from lazify.index.lines import new
from lazify.index.walk import Walk
from lazify.model.facts import MODULE, ChoiceRef, NameRef, Ref

BUILTINS = frozenset(dir(builtins)) | {
    "__file__", "__path__", "__builtins__", "__dict__",
}  # fmt: skip
"""Names that every module has without binding them."""


def mangle(name: str, private: str | None) -> str:
    """Rename `__x` as Python does in a class whose name, without leading underscores, is `private`."""
    if not private or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    return f"_{private}{name}"


def mangle_all(names: Names, private: str) -> None:
    """Mangle every name that a scope inside of a class binds or declares."""
    for field in ("bound", "globals", "nonlocals", "imported", "classes"):
        setattr(names, field, {mangle(name, private) for name in getattr(names, field)})


def open_draft(walk: Walk, kind: str, name: str) -> Draft:
    """Number a new scope inside the current one."""
    parent = walk.draft
    separator = ".<locals>." if parent.kind in (FUNCTION, LAMBDA) else "."
    qualified = f"{parent.name}{separator}{name}" if parent.name else name
    draft = Draft(len(walk.drafts), kind, qualified, parent.number, walk.statement)
    walk.drafts.append(draft)
    return draft


def frame_for(walk: Walk, draft: Draft, names: Names, private: str | None = None) -> Frame:
    """Open the namespace of a class, function or lambda."""
    frame = Frame(draft.kind, draft, walk.frame, names)
    if private is not None:
        frame.private = private.lstrip("_") if walk.has_private_names else None
    walk.words |= names.bound
    if frame.private:
        mangle_all(names, frame.private)
        frame.bound = names.bound
    draft.names = names
    return frame


def types_frame(walk: Walk, parameters: Iterable[str], private: str | None = None) -> Frame:
    """Open the namespace that type parameters live in."""
    names = Names()
    names.bound |= set(parameters)
    walk.words |= names.bound
    frame = Frame(TYPES, walk.draft, walk.frame, names)
    if private is not None and walk.has_private_names:
        frame.private = private.lstrip("_")
    if frame.private:
        mangle_all(names, frame.private)
        frame.bound = names.bound
    return frame


def resolve(walk: Walk, raw: str) -> Name:
    """Tell what the name means in the current frame, and remember it where that cannot change."""
    walk.words.add(raw)
    frame = walk.frame
    private, names = frame.private, frame.names
    name = mangle(raw, private) if private else raw
    if frame.kind is CLASS and name in frame.bound and not names.declares(name):
        return _in_class_body(walk, frame, name)
    found = _global(walk, name) if (binder := _binder(frame, name)) is None else _bound(binder, name)
    frame.known[raw] = found
    return found


def binder_of(walk: Walk, raw: str) -> tuple[Frame | None, str]:
    """Find the frame in which the current code binds a name (None for the module), and its mangled name."""
    walk.words.add(raw)
    frame = walk.frame
    while frame.kind in (COMPREHENSION, TYPES) and frame.parent:
        frame = frame.parent
    name = mangle(raw, frame.private) if frame.private else raw
    if frame.kind is MODULE_BODY or name in frame.names.globals:
        return None, name
    if name in frame.names.nonlocals:
        return _binder(frame, name), name
    return frame, name


def bind(walk: Walk, raw: str, ref: Ref | None) -> tuple[Frame | None, str]:
    """Bind a name to a value in the current code; return what `binder_of` does."""
    frame, name = binder_of(walk, raw)
    _keep(walk, frame, name, ref)
    settle(walk, frame, name)
    return frame, name


def add_value(walk: Walk, raw: str, ref: Ref) -> None:
    """Note what a declaration says of a name's value; it binds nothing."""
    _keep(walk, *binder_of(walk, raw), ref)


def settle(walk: Walk, frame: Frame | None, name: str) -> None:
    """Remember that a class body has bound a name."""
    if frame and frame.kind is CLASS:
        (frame.maybe if walk.block else frame.sure).add(name)


def unsettle(walk: Walk, frame: Frame | None, name: str) -> None:
    """Remember that a class body has deleted a name."""
    if frame and frame.kind is CLASS:
        frame.sure.discard(name)
        (frame.maybe.add if walk.block else frame.maybe.discard)(name)


def _keep(walk: Walk, frame: Frame | None, name: str, ref: Ref | None) -> None:
    draft = frame.draft if frame else walk.drafts[MODULE]
    draft.locals.setdefault(name, []).append(ref)
    if frame and frame.kind is CLASS:
        draft.attributes.setdefault(name, []).append(ref)


def _binder(frame: Frame, name: str) -> Frame | None:
    """Find the frame that binds a name; None stands for the module, or for nobody."""
    at: Frame | None = frame
    sees_class = True
    while at and at.kind is not MODULE_BODY:
        if at.kind is not CLASS or sees_class:
            if name in at.names.globals:
                return None
            if name in at.bound and name not in at.names.nonlocals:
                return at
        if at.kind is CLASS and name == "__class__" and not sees_class:
            return at
        # The code of type parameters sees the class body that it stands in; nothing else below it does.
        sees_class = sees_class and at.kind is TYPES
        at = at.parent
    return None


def _bound(binder: Frame, name: str) -> Name:
    kind = binder.kind
    ref = None
    bound = -1
    if kind is COMPREHENSION or kind is TYPES:
        ref = binder.values.get(name)
    elif kind is not CLASS or name != "__class__":
        number = binder.draft.number
        ref = new(NameRef, (name, number))
        if name in binder.names.imported:
            bound = number
    found: Name = new(Name, (name, ref, bound, False, False))
    return found


def _global(walk: Walk, name: str) -> Name:
    is_read = name in walk.module_names
    is_recorded = is_read or name not in BUILTINS or walk.drafts[MODULE].names.has_star
    found: Name = new(
        Name, (name, new(NameRef, (name, MODULE)), MODULE if is_recorded else -1, is_read, False)
    )
    return found


def _in_class_body(walk: Walk, frame: Frame, name: str) -> Name:
    """A name that the class body binds: until it is bound, the module's name is found instead."""
    own, outer = _bound(frame, name), _global(walk, name)
    if name in frame.sure:
        return own
    if name not in frame.maybe and not walk.loops:
        return outer
    ref = ChoiceRef((own.ref, outer.ref))
    if not outer.is_read and not walk.drafts[MODULE].names.has_star:
        return own._replace(ref=ref)
    return Name(name, ref, outer.bound, outer.is_read, is_vague=True)
