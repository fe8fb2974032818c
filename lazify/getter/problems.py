"""Reasons to leave something as it is."""

from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.model.places import Place, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value cannot become a getter, and the line that shows it."""

    reason: str
    at: Place | None = None


def where(module: Module, span: Span) -> str:
    """Write a place as it stands in a sentence: `limits.py:4`."""
    return f"{module.path.name}:{span.line}"


def problem(reason: str, module: Module, span: Span) -> Problem:
    """Make a problem whose reason ends with its place."""
    return Problem(f"{reason} ({where(module, span)})", Place(module.path, span))
