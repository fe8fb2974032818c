import tomllib

import pytest

from lazify.knowledge.tables import kind, read, split
from lazify.model.effects import EffectKind

TABLES = """\
# [not a header]
[pkg]
source = "the pkg manual"
file_read = ["load", "Reader.read"]
network = ["load"]

["pkg.sub"]
source = "the sub manual"
harmless = [
  "*",
]
"""


def test_a_file_is_cut_into_tables_that_are_documents_of_their_own() -> None:
    tables = dict(split(TABLES))
    assert list(tables) == ["pkg", "pkg.sub"]
    assert {name: tomllib.loads(text)[name] for name, text in tables.items()} == tomllib.loads(TABLES)


def test_a_file_without_tables_has_none() -> None:
    assert list(split("# nothing\n")) == []


def test_names_are_relative_to_their_table() -> None:
    tables = dict(split(TABLES))
    assert set(read("pkg", tables["pkg"])) == {"pkg.load", "pkg.Reader.read"}
    assert set(read("pkg.sub", tables["pkg.sub"])) == {"pkg.sub.*"}


def test_a_name_has_every_effect_that_lists_it() -> None:
    rows = read("pkg", dict(split(TABLES))["pkg"])
    assert rows["pkg.load"].effects == [EffectKind.FILE_READ, EffectKind.NETWORK]
    assert rows["pkg.Reader.read"].effects == [EffectKind.FILE_READ]


def test_the_source_of_the_table_holds_for_names_without_their_own() -> None:
    rows = read("p", '[p]\nsource = "page"\nharmless = ["a", "b"]\nsources."page 2" = ["b"]\n')
    assert (rows["p.a"].source, rows["p.b"].source) == ("page", "page 2")


def test_details_do_not_say_what_a_call_does() -> None:
    rows = read("p", '[p]\nsource = "page"\nreturns."p.C" = ["f"]\n')
    assert not rows["p.f"].is_listed
    assert rows["p.f"].returns == "p.C"


def test_self_stands_for_the_class_of_the_method() -> None:
    rows = read("p", '[p]\nsource = "page"\nharmless = ["C.m"]\nreturns.self = ["C.m"]\n')
    assert rows["p.C.m"].returns == "p.C"


def test_positions_are_numbers_and_keywords_words() -> None:
    rows = read("p", '[p]\nsource = "page"\nharmless = ["f"]\ncalls.0 = ["f"]\ncalls.key = ["f"]\n')
    assert rows["p.f"].calls == [0, "key"]


def test_every_effect_has_a_key() -> None:
    assert {kind(each.name.lower()) for each in EffectKind} == set(EffectKind)


@pytest.mark.parametrize("line", ['filesystem = ["f"]', 'return."p.C" = ["f"]', 'cases = [{ of = ["f"] }]'])
def test_a_key_that_the_format_does_not_have_is_an_error(line: str) -> None:
    with pytest.raises(KeyError):
        read("p", f'[p]\nsource = "page"\n{line}\n')


def test_a_table_without_a_source_is_an_error() -> None:
    with pytest.raises(KeyError):
        read("p", '[p]\nharmless = ["f"]\n')
