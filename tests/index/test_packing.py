import ast
import pickle
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

import lazify
from lazify.index.packing import pack, unpack
from lazify.index.scan import scan
from lazify.model.facts import (
    AttributeRef,
    CallRef,
    ChoiceRef,
    EnterRef,
    Facts,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Ref,
    SuperRef,
)

EVERYTHING = '''
"""Doc."""
from __future__ import annotations
import a.b as c, d  # lazify: ignore[LZ101]
from . import e
try:
    from f import *
except (ImportError, ValueError):
    f = None
__all__ = ["x", "é"]
x: Optional["Thing"] = Thing(1, -2.5, key="v", *args, **kw)[0].y
with open("p") as handle, lock: pass
u, (v, *w) = x or y if z else lambda q=1: q
class Thing(Base, metaclass=Meta):
    "Doc."
    slot = 3
    async def run(self, /, a, *rest, b: int = d.e(), **more) -> "Thing":
        global x
        x = self.value = super().run(a)
        yield await x
        del x.y[0]
        return getattr(x, f"pre{a}")
def accessor():
    return x
@patch("m.x", new=1)
def test(m, n=globals()["x"]):
    x += 1; raise E(10**30)
    match x:
        case Point(x=0, y=[*rest]): pass
if __name__ == "__main__":
    main()
'''


def in_full(value: object) -> object:
    """Spell out the classes, which equality of named tuples does not look at."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value).__name__, *map(in_full, value)
    if isinstance(value, tuple | list):
        return type(value).__name__, *map(in_full, value)
    if isinstance(value, dict):
        return [(key, in_full(each)) for key, each in value.items()]
    if hasattr(value, "__dataclass_fields__"):
        return [(field.name, in_full(getattr(value, field.name))) for field in fields(value)]  # type: ignore[arg-type]  # checked
    return type(value).__name__, value


def comes_back(facts: Facts) -> None:
    back = unpack(pack(facts))
    assert in_full(back) == in_full(facts)
    assert back == facts
    assert facts == back


@pytest.mark.parametrize(
    "text", ["", "x", EVERYTHING, "a = (" + "b + " * 300 + "c)", "\n" * 40_000 + "x = f()"]
)
def test_facts_come_back_as_they_were(text: str) -> None:
    comes_back(scan(text))


def own_sources() -> Iterator[Path]:
    return Path(lazify.__file__).parent.rglob("*.py")


def test_the_facts_of_real_files_come_back_as_they_were() -> None:
    for path in own_sources():
        comes_back(scan(path.read_text("utf-8")))


def every_kind_of_ref() -> list[Ref]:
    name = NameRef("a", 0)
    return [
        *(name, AttributeRef(name, "b"), CallRef(name), ItemRef(name), EnterRef(name)),
        *(
            ChoiceRef((name, None, CallRef(name), ItemRef(name))),
            LiteralRef("str"),
            LambdaRef(3),
            SuperRef(3),
        ),
        *(ChoiceRef(()), AttributeRef(CallRef(name), "c"), AttributeRef(ItemRef(name), "c")),
    ]


def test_refs_keep_their_kind() -> None:
    facts = scan("x = 1")
    refs = tuple(every_kind_of_ref())
    module = replace(facts.scopes[0], returns=refs)
    back = unpack(pack(replace(facts, scopes=(module,))))
    assert list(map(type, back.scopes[0].returns)) == list(map(type, refs))
    assert in_full(back.scopes[0].returns) == in_full(refs)


@pytest.mark.parametrize("name", ["call", "item", "enter"])
def test_refs_of_different_kinds_are_never_equal(name: str) -> None:
    value = NameRef("x", 0)
    kinds: set[Ref] = {AttributeRef(value, name), CallRef(value), ItemRef(value), EnterRef(value)}
    assert len(kinds) == 4
    (read,) = scan(f"y = x.{name}").scopes[0].locals["y"]
    (got,) = scan("y = x[0]").scopes[0].locals["y"]
    (made,) = scan("y = x()").scopes[0].locals["y"]
    assert len({read, got, made}) == 3
    assert {read, got, made} < kinds


def test_equal_refs_are_one_object_when_they_come_back() -> None:
    facts = unpack(pack(scan("a.b.c()\na.b.c()\n")))
    first, second = (operation for operation in facts.scopes[0].operations if operation.does == "call")
    assert first.subject is second.subject


def test_text_with_lone_surrogates_comes_back() -> None:
    comes_back(scan(r"x = f('\ud800')"))


def test_packed_facts_differ_where_the_facts_do() -> None:
    assert unpack(pack(scan("x = 1"))) != unpack(pack(scan("y = 1")))
    assert unpack(pack(scan("def f(): a()"))) != scan("def f(): b()")


def test_packed_facts_can_be_replaced_and_pickled() -> None:
    facts = unpack(pack(scan(EVERYTHING)))
    assert replace(facts, lines=1).lines == 1
    assert pickle.loads(pickle.dumps(replace(facts, lines=1))).lines == 1
    assert pickle.loads(pickle.dumps(facts)) == facts
    assert replace(facts.scopes[0], operations=()).operations == ()
    assert pickle.loads(pickle.dumps(facts.scopes)) == facts.scopes


def test_an_attribute_that_facts_do_not_have_is_missing() -> None:
    facts = unpack(pack(scan("x")))
    with pytest.raises(AttributeError, match="nonsense"):
        facts.nonsense  # type: ignore[attr-defined]  # noqa: B018  # the point
    with pytest.raises(AttributeError, match="nonsense"):
        facts.scopes[0].nonsense  # type: ignore[attr-defined]  # noqa: B018  # the point


def test_a_deep_chain_of_calls_comes_back() -> None:
    text = "x" + ".f()" * 150
    ast.parse(text)
    comes_back(scan(text))
