"""The least solution of equations over sets, whatever is asked for first."""

from itertools import permutations

from lazify.index.fixpoint import Fixpoint

Set = frozenset[int]
NOTHING: Set = frozenset()


def solver(equations: dict[str, tuple[Set, str]]) -> Fixpoint[str, Set]:
    """Each unknown is a constant set and the sum of other unknowns, named by letters."""
    found: Fixpoint[str, Set] = Fixpoint(
        lambda key: equations[key][0].union(*(found.get(other) for other in equations[key][1])),
        bottom=NOTHING,
    )
    return found


def test_a_cycle_has_the_least_solution_from_every_side() -> None:
    equations = {
        "a": (frozenset({1}), "b"),
        "b": (frozenset({2}), "c"),
        "c": (NOTHING, "ad"),
        "d": (frozenset({4}), "d"),
    }
    for order in permutations(equations):
        found = solver(equations)
        assert [sorted(found.get(key)) for key in order] == [
            [4] if key == "d" else [1, 2, 4] for key in order
        ]


def test_a_cycle_without_constants_is_empty() -> None:
    assert solver({"a": (NOTHING, "b"), "b": (NOTHING, "a")}).get("a") == NOTHING


def test_a_long_chain_needs_no_deep_stack() -> None:
    found: Fixpoint[int, Set] = Fixpoint(
        lambda key: found.get(key + 1) if key < 10_000 else frozenset({key}), bottom=NOTHING
    )
    assert found.get(0) == {10_000}


def test_what_grows_without_end_becomes_the_top() -> None:
    top = frozenset({-1})
    found: Fixpoint[str, Set] = Fixpoint(
        lambda key: found.get(key) | {len(found.get(key))}, bottom=NOTHING, top=top
    )
    assert found.get("a") == top


def test_a_solution_is_computed_once() -> None:
    asked: list[str] = []

    def rule(key: str) -> Set:
        asked.append(key)
        return frozenset({1})

    found: Fixpoint[str, Set] = Fixpoint(rule, bottom=NOTHING)
    assert found.get("a") == found.get("a") == {1}
    assert asked == ["a"]
