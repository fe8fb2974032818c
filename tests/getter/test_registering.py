"""An object that hands itself to others while it is made is known to them from then on."""

import pytest

from lazify.testing import check, refused

HANDED = "others"
CLASS = "class Audit:\n    def __init__(self{parameters}):\n        open('pyproject.toml').close()\n        {line}\n\n    def heard(self, *given): pass\n"
LINES = {
    "a method, to a signal": ("saved.connect(self.heard)", "", ""),
    "itself, to a bus": ("bus.subscribe('orders', self)", "", ""),
    "to a function of a package": ("somebus.subscribe(self.heard)", "", ""),
    "to what it is given": ("app.register(self)", ", app", "bus"),
    "under a condition": ("if self: somebus.subscribe(self.heard)", "", ""),
    "wrapped": ("somebus.subscribe(handler=somebus.wrap(self))", "", ""),
    "with an argument": ("somebus.subscribe(functools.partial(self.heard, 1))", "", ""),
    "in a lambda": ("somebus.subscribe(lambda *given: self.heard(*given))", "", ""),
    "in a list": ("somebus.subscribe([self.heard], *[])", "", ""),
    "in a function": (
        "def heard(*given):\n            self.heard(*given)\n        somebus.subscribe(heard)",
        "",
        "",
    ),
    "in what a decorator takes": (
        "@somebus.on('saved')\n        def heard(*given):\n            self.heard()",
        "",
        "",
    ),
    "to an instance": ("somebus.Bus.instance().subscribe(self.heard)", "", ""),
    "for a subscription": ("self.subscription = somebus.subscribe(self.heard)", "", ""),
}


@pytest.mark.parametrize(("line", "parameters", "given"), LINES.values(), ids=LINES.keys())
def test_what_hands_itself_on_stays(line: str, parameters: str, given: str) -> None:
    files = {
        "buses.py": "import blinker\nimport somebus\n\nsaved = blinker.signal('saved')\nbus = somebus.Bus()\n",
        "audit.py": f"import functools\nimport somebus\nfrom buses import bus, saved\n\n\n{CLASS.format(line=line, parameters=parameters)}"
        f"\n\naudit = Audit({given})\n\n\ndef f():\n    return audit\n",
    }
    refused(files, because=HANDED)


def test_what_a_function_hands_on_stays() -> None:
    files = {
        "audit.py": f"import somebus\n\n\n{CLASS.format(line='pass', parameters='')}\n\ndef made():\n    audit = Audit()\n"
        "    somebus.subscribe(audit.heard)\n    return audit\n\n\naudit = made()\n\n\ndef f():\n    return audit\n",
    }
    refused(files, because=HANDED)


@pytest.mark.parametrize(
    "line",
    [
        "self.thread = threading.Thread(target=self.heard)",
        "self.buses = []; self.buses.append(self.heard)",
        "print(self)",
        "somebus.publish(f'{self}', len(str(self)), self.heard())",
        "self.bus = somebus.Bus(self)",
        "setattr(self, 'x', 1)",
        "helper.keep(self)",
    ],
)
def test_what_it_keeps_to_itself_does_not_matter(line: str) -> None:
    files = {
        "helper.py": "def keep(one): one.kept = True\n",
        "audit.py": f"import threading\nimport somebus\nimport helper\n\n\n{CLASS.format(line=line, parameters='')}\n\n"
        "audit = Audit()\n\n\ndef f():\n    return audit\n",
    }
    assert check(files).plan.changes


def test_what_the_method_of_a_class_below_hands_on_stays() -> None:
    """As the filters of shuup 1.6.0 do: each makes itself known to the templates."""
    files = {
        "filters.py": "import django_jinja\nimport jinja2\n\n\nclass Known:\n    def __init__(self, name):\n        self.name = name\n"
        "        self._register()\n\n\nclass Filter(Known):\n    def _register(self):\n"
        "        django_jinja.library.filter(name=self.name, fn=jinja2.contextfilter(self))\n",
        "prices.py": "from filters import Filter\n\nprice = Filter('price')\n\n\ndef f():\n    return price\n",
    }
    refused(files, because=HANDED, flags={"singleton": ("*",), "risky": True})


MADE = {
    "a function": ("somebus.subscribe(handle)", True),
    "what is made": ("somebus.register('x', conn)", True),
    "a function, for a subscription": ("kept = somebus.subscribe(handle)", True),
    "a function, to what is made": ("conn.create_function('h', 1, handle)", False),
    "what is made, for nothing to keep": ("somebus.ping(conn)", False),
    "a text": ("somebus.register('x', 'y')", False),
}


@pytest.mark.parametrize(("line", "is_kept"), MADE.values(), ids=MADE)
def test_what_is_registered_by_name_is_known_to_others(line: str, *, is_kept: bool) -> None:
    code = (
        "import sqlite3\nimport somebus\n\n\ndef handle(*given): pass\n\n\ndef make():\n    conn = sqlite3.connect('x.db')\n"
        f"    {line}\n    return conn\n\n\ndb = make()\n\n\ndef f():\n    return db\n"
    )
    outcome = check({"a.py": code})
    assert bool(outcome.plan.changes) is not is_kept
    assert not is_kept or HANDED in outcome.plan.refusals[0].reason


TOLD = (
    "names = []\n\n\nclass Base:\n    def __init_subclass__(cls):\n        names.append(cls.__name__)\n\n\n"
    "class Field:\n    def __set_name__(self, owner, name):\n        names.append(name)\n"
)
CLASSES = {
    "a subclass": "type('A', (Base,), {'text': open('pyproject.toml').read()})()",
    "a field": "type('A', (), {'field': Field(), 'text': open('pyproject.toml').read()})()",
    "a field that is there": "type('A', (), {'field': field, 'text': open('pyproject.toml').read()})()",
    "in a function": "made()",
    "a new class": "(types.new_class('A', (Base,)), open('pyproject.toml').read())",
}


@pytest.mark.parametrize("made", CLASSES.values(), ids=list(CLASSES))
def test_a_class_that_is_made_by_a_call_is_told_to_others(made: str) -> None:
    files = {
        "told.py": TOLD,
        "making.py": "import types\nfrom told import Base, Field\n\nfield = Field()\n\n\ndef made():\n"
        f"    return type('A', (Base,), {{'text': open('pyproject.toml').read()}})()\n\n\nVALUE = {made}\n\n\ndef show():\n    return VALUE\n",
    }
    check(files, run="import told, making; print(told.names)")
    refused(files, because="")


@pytest.mark.parametrize("given", ["Rows", "type(self)", "self.__class__"])
@pytest.mark.parametrize("kind", ["collections.abc.Sequence", "numbers.Number"])
def test_a_class_that_a_constructor_registers_is_one_of_its_kind_from_then_on(kind: str, given: str) -> None:
    files = {
        "kinds.py": f"import collections.abc\nimport numbers\n\n\nclass Rows: ...\n\n\nclass Box:\n    def __init__(self):\n"
        f"        {kind}.register({given})\n        self.text = open('pyproject.toml').read()\n\n\nbox = Box()\n\n\n"
        f"def show():\n    return box\n\n\ndef are():\n    return issubclass(Rows, {kind}), issubclass(Box, {kind})\n",
    }
    check(files, run="import kinds; print(kinds.are())")
    refused(files, because="making it reads or writes what others share")
