import subprocess
import sys

from lazify.knowledge import Fact, Knowledge, knowledge
from lazify.knowledge.tables import split
from lazify.model.effects import EffectKind


def told(text: str) -> Knowledge:
    return Knowledge(dict(split(text)))


def about(name: str, text: str) -> Fact:
    fact = told(text).fact(name)
    assert fact is not None
    return fact


SHOP = """\
[shop]
source = "the shop manual"
harmless = ["Cart", "Cart.*", "Basket", "Item.*", "price", "Shelf", "*.peek"]
database = ["Cart.save", "Basket.pay"]
mutates = ["Cart.add"]
decorators = ["price"]
bases."shop.Cart" = ["Basket"]
returns."shop.Item" = ["Cart.first"]
returns.self = ["Cart.__enter__", "Item.__enter__"]
values."shop.Cart" = ["shared", "Shelf.cart"]
aliases."shop" = ["v1", "v2"]
aliases."shop.Cart" = ["carts.Trolley"]
"""


def test_a_name_that_no_table_lists_is_unknown() -> None:
    assert told(SHOP).fact("shop.burn") is None
    assert told(SHOP).fact("other.Cart") is None
    assert told(SHOP).fact("shop") is None
    assert told(SHOP).fact("") is None


def test_a_listed_name_comes_before_the_rule_of_its_class() -> None:
    assert about("shop.Cart.save", SHOP).effects == (EffectKind.DATABASE,)
    assert about("shop.Cart.total", SHOP).effects == ()
    assert about("shop.Cart.total", SHOP).rule == "shop.Cart.*"


def test_a_rule_covers_what_is_below_it_and_not_the_class_itself() -> None:
    assert about("shop.Item.a.b.c", SHOP).is_harmless
    assert told(SHOP).fact("shop.Item") is None


def test_details_of_a_name_join_the_effects_of_its_rule() -> None:
    first = about("shop.Cart.first", SHOP)
    assert (first.is_harmless, first.returns, first.rule) == (True, "shop.Item", "shop.Cart.*")


def test_methods_are_inherited() -> None:
    fact = about("shop.Basket.save", SHOP)
    assert (fact.name, fact.effects) == ("shop.Cart.save", (EffectKind.DATABASE,))
    assert about("shop.Basket.pay", SHOP).name == "shop.Basket.pay"


def test_what_gives_itself_back_gives_the_class_that_inherits_it() -> None:
    assert about("shop.Basket.__enter__", SHOP).returns == "shop.Basket"
    assert about("shop.Cart.__enter__", SHOP).returns == "shop.Cart"


def test_aliases_lead_to_the_name_they_stand_for() -> None:
    assert about("shop.carts.Trolley", SHOP).name == "shop.Cart"
    assert about("shop.carts.Trolley.save", SHOP).name == "shop.Cart.save"
    assert about("shop.v2.Cart.save", SHOP).name == "shop.Cart.save"


def test_an_object_has_the_methods_of_its_class() -> None:
    assert about("shop.shared", SHOP).value == "shop.Cart"
    assert about("shop.shared.save", SHOP).effects == (EffectKind.DATABASE,)


def test_changing_an_object_that_a_module_owns_changes_shared_state() -> None:
    assert about("shop.shared.add", SHOP).effects == (EffectKind.STATE,)
    assert about("shop.Cart.add", SHOP).effects == ()
    assert about("shop.Shelf.cart.add", SHOP).effects == ()


def test_a_rule_can_name_a_method_of_every_class() -> None:
    assert about("shop.Any.peek", SHOP).rule == "shop.*.peek"
    assert about("shop.a.b.Any.peek", SHOP).is_harmless
    assert told(SHOP).fact("shop.peek") is None


def test_the_longest_table_owns_a_name() -> None:
    text = '[a]\nsource = "a"\nharmless = ["*"]\n["a.b"]\nsource = "b"\nnetwork = ["f"]\n'
    assert about("a.b.f", text).effects == (EffectKind.NETWORK,)
    assert about("a.b.g", text).rule == "a.*"
    assert about("a.c", text).is_harmless


def test_a_class_gives_an_instance_of_itself() -> None:
    assert about("shop.Cart", SHOP).result == "shop.Cart"
    assert about("shop.price", SHOP).result is None
    assert about("shop.Cart.first", SHOP).result == "shop.Item"


def test_a_capital_letter_makes_a_class_unless_the_table_says_otherwise() -> None:
    text = '[p]\nsource = "s"\nharmless = ["A", "b", "C", "d", "_E", "R.*"]\nclasses = ["b"]\nfunctions = ["C"]\n'
    known = told(text)
    flags = {name: fact.is_class for name in "AbCd" if (fact := known.fact(f"p.{name}"))}
    assert flags == {"A": True, "b": True, "C": False, "d": False}
    assert about("p._E", text).is_class is True
    assert about("p.R.X", text).is_class is None


def test_only_the_table_that_is_asked_for_is_parsed() -> None:
    known = Knowledge({"good": '[good]\nsource = "s"\nharmless = ["f"]\n', "bad": "this is no TOML"})
    assert known.fact("good.f") is not None
    assert known.fact("neither.f") is None


def test_the_same_question_gets_the_same_answer() -> None:
    assert knowledge() is knowledge()
    assert knowledge().fact("sqlite3.connect") is knowledge().fact("sqlite3.connect")


def test_importing_the_package_reads_no_table() -> None:
    code = "import lazify.knowledge as k; print(k.knowledge.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
