"""Minimum cuts."""

from lazify.imports.flow import NEVER, minimum_cut


def test_the_lightest_edge_of_a_way_is_cut() -> None:
    assert minimum_cut([("s", "a", 3), ("a", "b", 1), ("b", "t", 2)], "s", "t") == {("a", "b")}


def test_every_way_is_cut() -> None:
    edges = [("s", "a", 2), ("s", "b", 2), ("a", "t", 1), ("b", "t", 5), ("a", "b", 9)]

    assert minimum_cut(edges, "s", "t") == {("s", "a"), ("s", "b")}


def test_one_edge_before_a_fork_is_lighter_than_two_behind_it() -> None:
    edges = [("s", "a", 3), ("a", "b", 2), ("a", "c", 2), ("b", "t", 2), ("c", "t", 2)]

    assert minimum_cut(edges, "s", "t") == {("s", "a")}


def test_edges_that_cannot_be_cut_are_left() -> None:
    assert minimum_cut([("s", "a", NEVER), ("a", "t", 4)], "s", "t") == {("a", "t")}
    assert minimum_cut([("s", "a", NEVER), ("a", "t", NEVER)], "s", "t") is None


def test_nothing_is_cut_where_nothing_is_connected() -> None:
    assert minimum_cut([("s", "a", 1), ("b", "t", 1)], "s", "t") == set()


def test_cycles_end() -> None:
    assert minimum_cut([("s", "a", 1), ("a", "b", 1), ("b", "a", 1), ("b", "t", 7)], "s", "t") in (
        {("s", "a")},
        {("a", "b")},
    )
