"""State that is nobody's variable: two values whose making changes it must be made in the order of the file."""

import pytest

from lazify.testing import check

NUMBERED = """
class Numbered:
    def __init__(self):
        self.text = open("pyproject.toml").read()
        self.number = {next_number}


first = Numbered()
second = Numbered()


def numbers():
    return second.number, first.number
"""
COUNTER = """
def counter():
    count = 0

    def up():
        nonlocal count
        count += 1
        return count

    return up
"""
CLOSURES = {
    "held by a name": (f"{COUNTER}\n\nup = counter()\n", "up()"),
    "held by a class": (f"{COUNTER}\n\nclass Tools:\n    up = staticmethod(counter())\n", "Tools.up()"),
    "held in a dictionary": (f"{COUNTER}\n\ntools = {{'up': counter()}}\n", "tools['up']()"),
    "held by one of two names": (f"{COUNTER}\n\nup, down = counter(), counter()\n", "up()"),
    "held by a name that is unpacked": (
        f"{COUNTER}\n\ndef both():\n    return counter(), counter()\n\n\nup, down = both()\n",
        "up()",
    ),
    "put there by a decorator": (
        "def counted(function):\n    count = 0\n\n    def up():\n        nonlocal count\n        count += 1\n"
        "        return count\n\n    return up\n\n\n@counted\ndef up(): ...\n",
        "up()",
    ),
    "changed by a function beside it": (
        "def counter():\n    count = 0\n\n    def bump():\n        nonlocal count\n        count += 1\n\n"
        "    def up():\n        bump()\n        return count\n\n    return up\n\n\nup = counter()\n",
        "up()",
    ),
    "a list that grows": (
        "def lister():\n    seen = []\n\n    def up():\n        seen.append(1)\n        return len(seen)\n\n"
        "    return up\n\n\nup = lister()\n",
        "up()",
    ),
    "what a partial was given": (
        "from functools import partial\n\n\ndef push(seen):\n    seen.append(1)\n    return len(seen)\n\n\n"
        "up = partial(push, [])\n",
        "up()",
    ),
    "the object of a bound method": (
        "class Sequence:\n    def __init__(self):\n        self.count = 0\n\n    def up(self):\n"
        "        self.count += 1\n        return self.count\n\n\nup = Sequence().up\n",
        "up()",
    ),
    "the iterator of a bound method": ("up = iter(range(9)).__next__\n", "up()"),
    "what a cached function gives": (
        "from functools import lru_cache\n\n\n@lru_cache\ndef seen():\n    return []\n\n\n"
        "def up():\n    seen().append(1)\n    return len(seen())\n",
        "up()",
    ),
}


@pytest.mark.parametrize(("text", "call"), CLOSURES.values(), ids=list(CLOSURES))
def test_what_functions_keep_between_calls_is_shared(text: str, call: str) -> None:
    check(
        {"a.py": f"{text}\n{NUMBERED.format(next_number=call)}"},
        run="import a; print(a.numbers(), a.numbers())",
    )


LISTED = """
class Listed{bases}:
{body}
    def __init__(self, item):
        self.text = open("pyproject.toml").read()
        self.items.append(item)


{between}
first = Listed(1)
second = Listed(2)


def items():
    return list(second.items), list(first.items)
"""
CLASSES = {
    "by a class method": (
        "",
        "",
        "    @classmethod\n    def empty(cls):\n        cls.items = []\n",
        "Listed.empty()",
    ),
    "by a class method of a base": (
        "class Base:\n    @classmethod\n    def empty(cls):\n        cls.items = []\n",
        "(Base)",
        "",
        "Listed.empty()",
    ),
    "when it is inherited": (
        "class Base:\n    def __init_subclass__(cls):\n        cls.items = []\n",
        "(Base)",
        "",
        "",
    ),
    "by its metaclass": (
        "class Meta(type):\n    def __init__(cls, *rest):\n        super().__init__(*rest)\n        cls.items = []\n",
        "(metaclass=Meta)",
        "",
        "",
    ),
    "by a function": ("", "", "", "def fill(cls):\n    cls.items = []\n\n\nfill(Listed)"),
    "by setattr": ("", "", "", 'setattr(Listed, "items", [])'),
    "when an instance is made": (
        "",
        "",
        "    def __new__(cls, item):\n        if not hasattr(cls, 'items'):\n            cls.items = []\n"
        "        return super().__new__(cls)\n",
        "",
    ),
}


@pytest.mark.parametrize(("above", "bases", "body", "between"), CLASSES.values(), ids=list(CLASSES))
def test_what_is_put_on_a_class_is_shared_by_its_instances(
    above: str, bases: str, body: str, between: str
) -> None:
    text = LISTED.format(bases=bases, body=body, between=between)
    check({"a.py": f"{above}\n\n{text}"}, run="import a; print(a.items())")


def test_a_closure_of_the_making_itself_is_nobody_else_s() -> None:
    text = """
        class Numbered:
            def __init__(self, step):
                self.text = open("pyproject.toml").read()
                count = 0

                def up():
                    nonlocal count
                    count += step
                    return count

                self.number = up() + up()


        first = Numbered(1)


        def number():
            return first.number
    """
    outcome = check({"a.py": text}, run="import a; print(a.number())")
    assert [change.title for change in outcome.plan.changes] == ["first becomes get_first()"]


def test_an_object_that_takes_the_attributes_of_others_fills_them_when_it_did() -> None:
    text = (
        "class Shared:\n    _all = {}\n\n    def __init__(self, path=None):\n        self.__dict__ = self._all\n"
        "        if path:\n            self.text = open(path).read()\n\n\nfirst = Shared('pyproject.toml')\n\n\n"
        "def f():\n    return hasattr(Shared(), 'text'), len(first.text) > 0\n"
    )
    assert not check({"m.py": text}, run="import m; print(m.f())").plan.changes


def test_an_object_that_is_its_own_dictionary_shares_nothing() -> None:
    text = (
        "class Record(dict):\n    def __init__(self, path):\n        super().__init__(text=open(path).read())\n"
        "        self.__dict__ = self\n\n\nfirst = Record('pyproject.toml')\n\n\n"
        "def f():\n    return len(first.text) > 0\n"
    )
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes
