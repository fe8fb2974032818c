"""Where an import goes: into the nearest function that holds every use of one outermost function."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lazify.index.modules import Module
from lazify.model.facts import MODULE, Role, Scope, Use
from lazify.model.places import Span


@dataclass(frozen=True, slots=True)
class Spot:
    """A block that the import goes to the top of."""

    before: Span
    """The statement that it goes above."""
    scope: int
    """The function; 0 for the block under `if __name__ == "__main__":`."""


def spots(module: Module, uses: Iterable[Use]) -> dict[Spot, list[Use]]:
    """Sort uses that all `home` can place by the block that serves them."""
    by_outermost: dict[int, list[Use]] = {}
    found: dict[Spot, list[Use]] = {}
    for use in uses:
        chain = functions_around(module, use)
        if chain:
            by_outermost.setdefault(chain[0], []).append(use)
        elif spot := _main_block(module, use):
            found.setdefault(spot, []).append(use)
    for group in by_outermost.values():
        number = _nearest_common([functions_around(module, use) for use in group])
        body = module.facts.scopes[number].body
        if body is not None:
            found.setdefault(Spot(body, number), []).extend(group)
    return found


def has_home(module: Module, use: Use) -> bool:
    """Tell whether some function, or the block of a script, could hold the import that serves the use."""
    return bool(functions_around(module, use)) or _main_block(module, use) is not None


def functions_around(module: Module, use: Use) -> list[int]:
    """List the functions that the use stands in the code of, the outermost first; lambdas hold no import."""
    scopes = module.facts.scopes
    chain: list[int] = []
    number = use.scope
    while number > MODULE:
        if scopes[number].kind == "function":
            chain.append(number)
        number = scopes[number].parent
    return chain[::-1]


def signature_of(module: Module, use: Use) -> int | None:
    """Find the function whose signature the annotation stands in; None for an annotated variable."""
    for number, scope in enumerate(module.facts.scopes):
        if scope.kind == "function" and scope.parent == use.scope and scope.span.contains(use.span):
            return number
    return None


def class_bodies_around(module: Module, use: Use) -> Iterator[Scope]:
    """Yield the class bodies whose own code, not a method's, holds the use."""
    scopes = module.facts.scopes
    number = use.scope
    while number > MODULE and scopes[number].kind in ("class", "lambda"):
        if scopes[number].kind == "class":
            yield scopes[number]
        number = scopes[number].parent


def is_evaluated_at_import(use: Use) -> bool:
    """Tell whether the use runs, or is bound to an annotation, while the module is imported."""
    return not use.deferred and use.role is not Role.ANNOTATION


def _main_block(module: Module, use: Use) -> Spot | None:
    statement = module.facts.statements[use.statement]
    if statement.guard != "main" or statement.body is None or not use.deferred:
        return None
    starts_inside = use.span[:2] >= statement.body[:2]
    return Spot(statement.body, MODULE) if starts_inside else None


def _nearest_common(chains: list[list[int]]) -> int:
    common = chains[0]
    for chain in chains[1:]:
        length = next(
            (n for n, pair in enumerate(zip(common, chain, strict=False)) if len(set(pair)) > 1), None
        )
        common = common[: min(len(common), len(chain)) if length is None else length]
    return common[-1]
