"""The patterns of `match`: what they read and what they capture."""

import ast
from typing import Any

from lazify.index.positions import capture_span
from lazify.index.scopes import bind
from lazify.index.walk import Walk
from lazify.model.facts import BindingKind, CallRef, LiteralRef, Ref, Role


def pattern(walk: Walk, node: ast.pattern, ref: Ref | None) -> Ref | None:
    """Record a pattern that is matched against `ref`, and tell what a capture of it would hold."""
    match node:
        case ast.MatchAs(pattern=inner, name=name):
            held = pattern(walk, inner, ref) if inner else ref
            if name:
                _capture(walk, node, name, held)
            return held
        case ast.MatchStar(name=name):
            if name:
                _capture(walk, node, name, LiteralRef("list"))
        case ast.MatchValue(value=value):
            _read(walk, value)
        case ast.MatchClass():
            return _class(walk, node)
        case ast.MatchMapping():
            _mapping(walk, node)
        case ast.MatchSequence(patterns=patterns):
            _all(walk, patterns)
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                pattern(walk, one, ref)
    return ref if isinstance(node, ast.MatchOr | ast.MatchValue | ast.MatchSingleton) else None


def _class(walk: Walk, node: ast.MatchClass) -> Ref | None:
    matched = _read(walk, node.cls)
    walk.words.update(node.kwd_attrs)
    _all(walk, node.patterns)
    _all(walk, node.kwd_patterns)
    return None if matched is None else CallRef(matched)


def _mapping(walk: Walk, node: ast.MatchMapping) -> None:
    for key in node.keys:
        _read(walk, key)
    _all(walk, node.patterns)
    if node.rest:
        _capture(walk, node, node.rest, LiteralRef("dict"))


def _all(walk: Walk, patterns: list[ast.pattern]) -> None:
    for one in patterns:
        pattern(walk, one, None)


def _read(walk: Walk, value: ast.expr) -> Ref | None:
    with walk.acting(Role.PATTERN):
        return walk.visit(value)


def _capture(walk: Walk, node: Any, name: str, ref: Ref | None) -> None:
    frame, text = bind(walk, name, ref)
    if frame is None:
        walk.add_binding(text, BindingKind.MATCH, capture_span(walk, node, name))
