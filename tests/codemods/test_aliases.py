"""A value is not made later where its making reads what functions change under another name."""

import pytest

from lazify.testing import check, refused
from tests.fuzz.states import BOXES, HEAD, STATES

FORCED = {"singleton": ("VALUE",), "risky": True}
RES = "class Res:\n    pass\n\n\ndef make(name): ...\n\n\ndef taken(value):\n    return value\n"
ITEMS, TABLE, CONF = (
    next(each for each in STATES if each.name.startswith(n)) for n in ("ITEMS", "TABLE", "Conf")
)
LEVEL = next(each for each in STATES if each.name.startswith("LEVEL"))


def _program(setup: str, read: str, body: str) -> str:
    indented = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"{HEAD}\n\n{setup}\n\nVALUE = Snap({read})\n\n\ndef change():\n{indented}\n\n\ndef show():\n    return [VALUE]\n"


def _files(main: str, **more: str) -> dict[str, str]:
    others = {f"{name}.py": text for name, text in more.items()}
    return {"main.py": main, "boxes.py": BOXES, "res.py": RES, "a.txt": "a", **others}


@pytest.mark.parametrize("change", ITEMS.changes)
def test_a_list_is_changed(change: str) -> None:
    body = change.format(s="ITEMS1", n="ITEMS1", i=1)
    refused(_files(_program("ITEMS1 = [1]", "repr(ITEMS1)", body)), because="ITEMS1", flags=FORCED)


@pytest.mark.parametrize("change", ITEMS.changes[::7])
def test_a_list_of_another_module_is_changed(change: str) -> None:
    body = change.format(s="store.ITEMS1", n="ITEMS1", i=1)
    main = _program("import store", "repr(store.ITEMS1)", body)
    refused(_files(main, store="ITEMS1 = [1]\n"), because="ITEMS1", flags=FORCED)


@pytest.mark.parametrize("setup", [each for each in ITEMS.setup if "def grow" in each])
def test_a_list_is_changed_by_what_keeps_it(setup: str) -> None:
    main = _program(setup.format(i=1), "repr(ITEMS1)", "grow1()")
    refused(_files(main), because="ITEMS1", flags=FORCED)


@pytest.mark.parametrize(
    "change", [each for each in TABLE.changes if "with " not in each and "|" not in each[:5]]
)
def test_a_dictionary_is_changed(change: str) -> None:
    body = change.format(s="TABLE1", n="TABLE1", i=1)
    refused(_files(_program("TABLE1 = {'k': 1}", "str(dict(TABLE1))", body)), because="TABLE1", flags=FORCED)


@pytest.mark.parametrize("setup", [each for each in TABLE.setup if "def grow" in each])
def test_a_dictionary_is_changed_by_what_keeps_it(setup: str) -> None:
    main = _program(setup.format(i=1), "str(dict(TABLE1))", "grow1()")
    refused(_files(main), because="", flags=FORCED)


@pytest.mark.parametrize("change", CONF.changes)
def test_a_class_is_changed(change: str) -> None:
    setup = "class Conf1:\n    level = 1\n    items = [1]\n"
    read = "[Conf1.level, Conf1.items[-1], vars(Conf1).get('fresh'), Conf1.__name__]"
    refused(
        _files(_program(setup, read, change.format(s="Conf1", n="Conf1", i=1))), because="Conf1", flags=FORCED
    )


@pytest.mark.parametrize("change", LEVEL.own)
def test_a_name_is_bound_again(change: str) -> None:
    body = change.format(s="LEVEL1", n="LEVEL1", i=1)
    refused(_files(_program("LEVEL1 = 1", "LEVEL1", body)), because="", flags=FORCED)


@pytest.mark.parametrize("change", LEVEL.other)
def test_a_name_of_another_module_is_bound_again(change: str) -> None:
    body = change.format(s="store.LEVEL1", m="store", M="store", n="LEVEL1", i=1)
    main = _program("import store", "store.LEVEL1", body)
    refused(_files(main, store="LEVEL1 = 1\n"), because="", flags=FORCED)


@pytest.mark.parametrize(
    "body",
    [
        "held = ITEMS1\nreturn [each for each in held]",
        "copied = list(ITEMS1)\ncopied.append(2)\nreturn copied",
        "copied = ITEMS1.copy()\ncopied.append(2)\nreturn copied",
        "copied = ITEMS1[:]\ncopied.append(2)\nreturn copied",
        "return {**dict(a=ITEMS1)}",
        "print(len(ITEMS1), *ITEMS1)",
        "found = [ITEMS1]\nfound.append(3)\nreturn found",
        "for each in ITEMS1:\n    each += 1\n    print(each)",
        "def inner(items):\n    return max(items)\n\nreturn inner(ITEMS1)",
        "return last(ITEMS1)",
        "number = ITEMS1[0]\nnumber += 1\nreturn number",
    ],
)
def test_a_list_that_is_only_read_may_be_read_later(body: str) -> None:
    main = _program("ITEMS1 = [1]", "repr(ITEMS1)", body)
    outcome = check(_files(main), run="import main; main.change(); print(main.show())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


def test_an_attribute_of_another_class_is_another() -> None:
    other = "class Other:\n    def __init__(self):\n        self.value = []\n\n    def add(self):\n        self.value.append(1)\n"
    main = _program(
        "from other import Other\n\nITEMS1 = [1]\nHOLDER = Plain(ITEMS1)", "repr(ITEMS1)", "Other().add()"
    )
    files = _files(main, other=other) | {
        "boxes.py": BOXES.replace("        self.value.append(2)", "        pass")
    }
    outcome = check(files, run="import main; main.change(); print(main.show())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


def test_a_context_variable_is_only_handed_on() -> None:
    main = """
import contextvars

from werkzeug import LocalProxy

CURRENT = contextvars.ContextVar("current")
proxy = LocalProxy(CURRENT)


def enter(value):
    CURRENT.set(value)


def use():
    return proxy
"""
    werkzeug = "class LocalProxy:\n    def __init__(self, variable):\n        self.variable = variable\n"
    flags = {"singleton": ("proxy",), "risky": True}
    outcome = check(
        {"main.py": main, "werkzeug/__init__.py": werkzeug},
        run="import main; print(main.use().variable.name)",
        flags=flags,
    )
    assert [change.title for change in outcome.plan.changes] == ["proxy becomes get_proxy()"]


@pytest.mark.parametrize(
    "body",
    [
        "held = os.environ\nheld['WORD'] = 'x'",
        "put_word(os.environ)",
        "for each in [os.environ]:\n    each.update(WORD='x')",
        "from os import environ as held\nother = held\nother.setdefault('WORD', 'x')",
    ],
)
def test_the_environment_is_changed(body: str) -> None:
    setup = "def put_word(variables):\n    variables['WORD'] = 'x'\n"
    main = _program(setup, "os.environ.get('WORD')", body)
    refused(_files(main), because="the program sets variables itself", flags=FORCED)


def test_another_variable_is_set() -> None:
    main = _program("", "os.environ.get('WORD')", "held = os.environ\nheld['OTHER'] = 'x'")
    outcome = check(_files(main), run="import main; main.change(); print(main.show())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


@pytest.mark.parametrize(
    "body",
    [
        "box = Plain(0)\nsetattr(box, 'items', ITEMS1)\nbox.items.append(2)",
        "box = Plain(0)\nobject.__setattr__(box, 'items', ITEMS1)\nbox.items.append(2)",
        "box = Plain(0)\nname = 'items'\nsetattr(box, name, ITEMS1)\nbox.items.append(2)",
    ],
)
def test_a_list_is_kept_by_name(body: str) -> None:
    refused(_files(_program("ITEMS1 = [1]", "repr(ITEMS1)", body)), because="ITEMS1", flags=FORCED)


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("__getitem__(self, key):\n        return ITEMS1", "Holder()['k'].append(2)"),
        ("__enter__(self):\n        return ITEMS1", "with Holder() as held:\n    held.append(2)"),
        ("__call__(self):\n        return ITEMS1", "holder = Holder()\nholder().append(2)"),
        ("__iter__(self):\n        yield ITEMS1", "for each in Holder():\n    each.append(2)"),
        ("__getattr__(self, name):\n        return ITEMS1", "Holder().anything.append(2)"),
        ("__add__(self, other):\n        return ITEMS1", "(Holder() + 1).append(2)"),
    ],
)
def test_a_list_is_given_by_a_special_method(method: str, body: str) -> None:
    setup = (
        f"ITEMS1 = [1]\n\n\nclass Holder:\n    def {method}\n\n    def __exit__(self, *_):\n        pass\n"
    )
    refused(_files(_program(setup, "repr(ITEMS1)", body)), because="ITEMS1", flags=FORCED)


@pytest.mark.parametrize(
    "change",
    [
        "operator.attrgetter('__dict__')(box)['n'] = 2",
        "operator.attrgetter('__dict__')(box).update(n=2)",
        "operator.methodcaller('__setattr__', 'n', 2)(box)",
        "operator.methodcaller(name, 'n', 2)(box)",
    ],
)
def test_an_object_is_changed_by_way_of_operator(change: str) -> None:
    setup = "class Point:\n    pass\n\n\nbox = Point()\nbox.n = 1\nname = '__setattr__'"
    refused(_files(_program(setup, "box.n", change)), because="box", flags=FORCED)


CALLED = {
    "what attrgetter makes": ("take = operator.attrgetter('__dict__')", "take(box)['n'] = 2"),
    "a variable of the function": ("", "take = operator.attrgetter('__dict__')\ntake(box)['n'] = 2"),
    "what methodcaller makes": ("put = operator.methodcaller('__setattr__', 'n', 2)", "put(box)"),
    "what itemgetter makes": ("first = operator.itemgetter(0)", "first([box]).n = 2"),
    "a partial call": ("put = functools.partial(setattr, box, 'n')", "put(2)"),
    "setattr": ("put = setattr", "put(box, 'n', 2)"),
    "setattr under another name": ("from builtins import setattr as set_it", "set_it(box, 'n', 2)"),
    "a method of the object": ("put = box.__setattr__", "put('n', 2)"),
    "a lambda": ("put = lambda point, value: setattr(point, 'n', value)", "put(box, 2)"),
    "a weak reference": ("held = weakref.ref(box)", "held().n = 2"),
    "one of several": ("ways = {'put': setattr}", "ways['put'](box, 'n', 2)"),
    "one of two": ("put = setattr", "(put if box else print)(box, 'n', 2)"),
    "an attribute": (
        "class Tool:\n    def __init__(self):\n        self.put = setattr",
        "Tool().put(box, 'n', 2)",
    ),
    "a class's attribute": (
        "class Tool:\n    take = operator.attrgetter('__dict__')",
        "Tool.take(box)['n'] = 2",
    ),
    "a descriptor": (
        "class Tool:\n    def __get__(self, instance, owner):\n        return box\n\n\nclass User:\n    held = Tool()",
        "User().held.n = 2",
    ),
    "what is registered": (
        "@functools.singledispatch\ndef move(point):\n    raise TypeError\n\n\n@move.register\ndef _(point: Point):\n    point.n = 2",
        "move(box)",
    ),
    "keywords": ("def put(**given):\n    given['point'].n = 2", "put(**{'point': box})"),
    "map": ("", "list(map(setattr, [box], ['n'], [2]))"),
    "starmap": ("", "list(itertools.starmap(setattr, [(box, 'n', 2)]))"),
    "getattr": ("", "getattr(box, '__dict__')['n'] = 2"),
}
HANDED = (
    "class Point:\n    pass\n\n\nbox = Point()\nbox.n = 1\n\n\ndef read(point):\n    return point.n\n\n\n"
)


@pytest.mark.parametrize(("above", "change"), CALLED.values(), ids=list(CALLED))
def test_an_object_is_changed_by_what_a_variable_calls(above: str, change: str) -> None:
    setup = f"import functools\nimport itertools\nimport operator\nimport weakref\n\n\n{HANDED}{above}"
    refused(_files(_program(setup, "read(box)", change)), because="box", flags=FORCED)


@pytest.mark.parametrize("above", ["show_it = repr", "show_it = repr\nother = show_it\nshow_it = other"])
def test_a_variable_may_be_bound_to_itself(above: str) -> None:
    body = "call = show_it\nfor each in (1, 2):\n    call = call or show_it\n    last = call\n    call = last\n    call(box)"
    main = _program(f"{HANDED}{above}", "read(box)", body)
    outcome = check(_files(main), run="import main; main.change(); print(main.show())", flags=FORCED)
    assert "VALUE becomes get_value()" in [change.title for change in outcome.plan.changes]


def test_an_object_is_shown_by_what_a_variable_calls() -> None:
    setup = f"{HANDED}show_it = repr"
    main = _program(setup, "read(box)", "show_it(box)")
    outcome = check(_files(main), run="import main; main.change(); print(main.show())", flags=FORCED)
    assert "VALUE becomes get_value()" in [change.title for change in outcome.plan.changes]


@pytest.mark.parametrize("taken", ["error.args[0]", "next(iter(error.args))"])
def test_a_list_is_changed_that_an_exception_has(taken: str) -> None:
    body = f"try:\n    raise ValueError(ITEMS1)\nexcept ValueError as error:\n    {taken}.append(2)"
    refused(_files(_program("ITEMS1 = [1]", "repr(ITEMS1)", body)), because="ITEMS1", flags=FORCED)


def test_an_exception_that_has_a_list_may_be_shown() -> None:
    body = "try:\n    raise ValueError(ITEMS1)\nexcept ValueError as error:\n    print(error, error.args)"
    main = _program("ITEMS1 = [1]", "repr(ITEMS1)", body)
    outcome = check(_files(main), run="import main; main.change(); print(main.show())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


def test_a_making_that_copies_the_context_runs_where_it_is() -> None:
    setup = "import contextvars\n\nvariable = contextvars.ContextVar('variable', default=0)"
    read = "dict(contextvars.copy_context())"
    refused(
        _files(_program(setup, read, "variable.set(1)")), because="contextvars.copy_context", flags=FORCED
    )


@pytest.mark.parametrize(
    ("setup", "read"),
    [
        ("FIRST, SECOND = range(2)", "FIRST.real"),
        ("FIRST = b'ab'[0]", "FIRST.real"),
        ("FIRST = str", "FIRST.__name__"),
        ("str = FIRST = str", "str.__name__"),
    ],
)
def test_what_nobody_can_change_may_be_read_later(setup: str, read: str) -> None:
    body = (
        f"held = taken({read.partition('.')[0]})\ntry:\n    held.append(3)\nexcept AttributeError:\n    pass"
    )
    outcome = check(_files(_program(setup, read, body)), run="import main; main.change()", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


@pytest.mark.parametrize(
    ("setup", "read"),
    [("FIRST, SECOND = [], []", "FIRST.copy()"), ("FIRST, *SECOND = 3, *range(2)", "SECOND.copy()")],
)
def test_what_is_unpacked_and_may_change_is_read_where_it_is(setup: str, read: str) -> None:
    name = read.partition(".")[0]
    body = f"held = taken({name})\nheld.append(3)"
    refused(_files(_program(setup, read, body)), because=name, flags=FORCED)
