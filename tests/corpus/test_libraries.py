"""Which tests a library has lost."""

from tests.corpus.libraries import gone


def test_a_test_that_no_longer_passes_is_lost() -> None:
    assert gone(frozenset({"a", "b"}), frozenset({"a"})) == ["b"]


def test_a_test_whose_random_parameter_has_another_name_is_not_lost() -> None:
    assert gone(frozenset({"t[k7f-ES256]", "u"}), frozenset({"t[9ab-ES256]", "u"})) == []


def test_one_of_several_random_parameters_that_fails_is_noticed() -> None:
    assert gone(frozenset({"t[a1]", "t[b2]"}), frozenset({"t[c3]"})) == ["t[a1]", "t[b2]"]
