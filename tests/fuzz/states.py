"""What values are computed from and functions change afterwards: the templates of stateful programs.

{i} is a number that makes definitions distinct, {s} an expression for what is changed: its name, or that of an
attribute of the module that has it; {m} is that module and {n} the name there.
"""

from dataclasses import dataclass

BOXES = '''class Box:
    """Reads a file when it is made, and keeps what it is given."""

    def __init__(self, value=None, **more):
        self.text = open("a.txt").read()
        self.value = value
        self.more = more

    def __repr__(self):
        return f"Box({self.value!r}, {self.more})"


class Snap(Box):
    """Remembers what the value looked like."""

    def __init__(self, value=None):
        super().__init__(repr(value))


class Plain:
    """Keeps what it is given, and reads no file."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain({self.value!r})"

    def grow(self):
        self.value.append(2)


class Counting:
    """Counts whatever is done with it."""

    def __init__(self):
        self.times = 0

    def __repr__(self):
        return f"Counting({self.times})"

    def _count(self, *_):
        self.times += 1
        return True

    __bool__ = __contains__ = __eq__ = __lt__ = __getitem__ = __call__ = _count
    __hash__ = None

    def __add__(self, other):
        self.times += 1
        return self

    def __iter__(self):
        self.times += 1
        return iter((1, 2))

    def __len__(self):
        self.times += 1
        return 1

    def __enter__(self):
        self.times += 1
        return self

    def __exit__(self, *_):
        self.times += 1

    def __getattr__(self, name):
        if name.startswith("_") or name == "times":
            raise AttributeError(name)
        self.times += 1
        return name

    def __format__(self, spec):
        self.times += 1
        return "counting"

    def __str__(self):
        self.times += 1
        return "counting"


class Meta(type):
    @property
    def level(cls):
        return cls.hidden

    @level.setter
    def level(cls, value):
        cls.hidden = value


def add(items, value):
    items.append(value)


def put(target, name, value):
    setattr(target, name, value)


def last(items):
    return items[-1]


def show(value):
    return f"<{value}>"


def change(function, *values):
    return function(*values)
'''

HEAD = """import bisect, collections, contextlib, contextvars, copy, dataclasses, decimal, functools, heapq, importlib
import itertools, json, logging, operator, os, pathlib, random, shutil, sys, threading, types
from unittest.mock import patch

import boxes, res
from boxes import Box, Counting, Meta, Plain, Snap, add, change, last, put, show
from res import Res, make, taken"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Something that a program may change."""

    name: str
    """What its module calls it."""
    setup: tuple[str, ...]
    """Statements that make it."""
    reads: tuple[str, ...]
    """Expressions for what it holds."""
    changes: tuple[str, ...] = ()
    """Statements that change it."""
    own: tuple[str, ...] = ()
    """Such as only functions of its module can have."""
    other: tuple[str, ...] = ()
    """Such as only functions of other modules have."""


_REBOUND_HERE = (
    "global {s}\n{s} = VALUE",
    "globals()['{s}'] = VALUE",
    "globals().update({s}=VALUE)",
    "sys.modules[__name__].{s} = VALUE",
    "setattr(sys.modules[__name__], '{s}', VALUE)",
    "exec('{s} = VALUE', globals())",
    "vars(sys.modules[__name__])['{s}'] = VALUE",
    "def inner():\n    global {s}\n    {s} = VALUE\n\ninner()",
    "global {s}\nfor {s} in [VALUE]:\n    pass",
    "global {s}\nif ({s} := VALUE):\n    pass",
    "global {s}\n{s}, _ = VALUE, 0",
    "global {s}\nwith contextlib.nullcontext(VALUE) as {s}:\n    pass",
    "global {s}\nmatch VALUE:\n    case {s}:\n        pass",
    "operator.setitem(globals(), '{s}', VALUE)",
    "class Inner:\n    global {s}\n    {s} = VALUE",
)
_REBOUND_ELSEWHERE = (
    "{m}.{n} = VALUE",
    "setattr({m}, '{n}', VALUE)",
    "vars({m})['{n}'] = VALUE",
    "{m}.__dict__['{n}'] = VALUE",
    "{m}.__dict__.update({n}=VALUE)",
    "put({m}, '{n}', VALUE)",
    "for each in ({m},):\n    each.{n} = VALUE",
    "patch.object({m}, '{n}', VALUE).start()",
    "patch('{M}.{n}', VALUE).start()",
    "sys.modules['{M}'].{n} = VALUE",
    "importlib.import_module('{M}').{n} = VALUE",
    "held = {m}\nheld.{n} = VALUE",
    "name = 'x{n}'[1:]\nsetattr({m}, name, VALUE)",
    "{m}.{n}, _ = VALUE, 0",
    "for {m}.{n} in [VALUE]:\n    pass",
    "with contextlib.nullcontext(VALUE) as {m}.{n}:\n    pass",
    "object.__setattr__({m}, '{n}', VALUE)",
)


def _rebound(templates: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(template.replace("VALUE", value) for template in templates)


_GROWN = (
    "{s}.append(2)",
    "{s}.insert(0, 3)",
    "{s}[0] = 4",
    "{s}[:] = [5, 6]",
    "{s}.extend([7])",
    "{s}.__iadd__([8])",
    "held = {s}\nheld += [8]",
    "held = {s}\nheld.append(2)",
    "add({s}, 2)",
    "boxes.add({s}, 2)",
    "change({s}.append, 2)",
    "list.append({s}, 2)",
    "operator.iadd({s}, [2])",
    "operator.setitem({s}, 0, 9)",
    "operator.methodcaller('append', 2)({s})",
    "heapq.heappush({s}, 0)",
    "bisect.insort({s}, 3)",
    "list(map({s}.append, [2]))",
    "getattr({s}, 'append')(2)",
    "getattr({s}, 'app' + 'end')(2)",
    "({s} or None).append(2)",
    "(held := {s}).append(2)",
    "match {s}:\n    case held:\n        held.append(2)",
    "match [{s}]:\n    case [held]:\n        held.append(2)",
    "for each in [{s}]:\n    each.append(2)",
    "[each.append(2) for each in ({s},)]",
    "functools.partial({s}.append, 2)()",
    "thread = threading.Thread(target={s}.append, args=(2,))\nthread.start()\nthread.join()",
    "first, *_ = [{s}]\nfirst.append(2)",
    "*_, ends = [{s}]\nends.append(2)",
    "def inner(a={s}):\n    a.append(2)\n\ninner()",
    "def inner(*a):\n    a[0].append(2)\n\ninner({s})",
    "def inner(**a):\n    a['k'].append(2)\n\ninner(k={s})",
    "(lambda a: a.append(2))({s})",
    "class Inner:\n    items = {s}\n\nInner.items.append(2)",
    "class Inner:\n    {n} = {s}\n    {n}.append(2)",
    "Plain({s}).grow()",
    "Plain({s}).value.append(2)",
    "{{'k': {s}}}['k'].append(2)",
    "with contextlib.nullcontext({s}) as held:\n    held.append(2)",
    "next(iter([{s}])).append(2)",
    "taken({s}).append(2)",
    "sorted([{s}], key=lambda each: each.append(2))",
    "def generate():\n    yield {s}\n\nnext(generate()).append(2)",
    "{s}.clear()",
    "{s}.reverse()",
    "{s}.append(0)\n{s}.sort()",
    "del {s}[0]",
    "{s}[0] += 1",
    "({s})[0], _ = 3, 4",
    "for {s}[0] in (7,):\n    pass",
    "with contextlib.nullcontext(5) as {s}[0]:\n    pass",
    "copy.copy([{s}])[0].append(2)",
    "held = {s}.append\nheld(2)",
    "types.SimpleNamespace(a={s}).a.append(2)",
    "vars(types.SimpleNamespace(a={s}))['a'].append(2)",
    "collections.ChainMap({{'k': {s}}})['k'].append(2)",
    "dict(k={s}).get('k').append(2)",
    "list(zip([{s}]))[0][0].append(2)",
    "import asyncio\n\nasync def go():\n    {s}.append(2)\n\nasyncio.run(go())",
    "exec('held.append(2)', {{'held': {s}}})",
    "eval('held.append(2)', {{'held': {s}}})",
    "max([{s}]).append(2)",
    "functools.reduce(lambda a, b: a.append(b) or a, [2], {s})",
    "collections.deque(map({s}.append, [2]))",
    "operator.attrgetter('append')({s})(2)",
    "iter([{s}]).__next__().append(2)",
)

STATES = (
    State(
        name="LEVEL{i}",
        setup=("LEVEL{i} = 1", "LEVEL{i}: int = 1", "LEVEL{i} = OTHER{i} = 1", "(LEVEL{i} := 1)"),
        reads=(
            "{s}",
            "{s} + 1",
            "str({s})",
            "[{s}]",
            "show({s})",
            "f'{{{s}}}'",
            "(lambda: {s})()",
            "{s} > 1",
        ),
        own=(*_rebound(_REBOUND_HERE, "2"), "global {s}\n{s} += 1", "global {s}\n{s} -= 5"),
        other=(*_rebound(_REBOUND_ELSEWHERE, "3"), "{m}.{n} += 1"),
    ),
    State(
        name="ITEMS{i}",
        setup=(
            "ITEMS{i} = [1]",
            "ITEMS{i} = list((1,))",
            "ITEMS{i}: list = [1]",
            "ITEMS{i} = []\nITEMS{i}.append(1)",
            "ITEMS{i} = [each for each in (1,)]",
            "ITEMS{i} = ALIAS{i} = [1]\n\n\ndef grow{i}():\n    ALIAS{i}.append(2)",
            "ITEMS{i} = [1]\nHELD{i} = {{'k': ITEMS{i}}}\n\n\ndef grow{i}():\n    HELD{i}['k'].append(2)",
            "ITEMS{i} = [1]\nADD{i} = ITEMS{i}.append\n\n\ndef grow{i}():\n    ADD{i}(2)",
            "ITEMS{i} = [1]\nOWNER{i} = Plain(ITEMS{i})\n\n\ndef grow{i}():\n    OWNER{i}.grow()",
            "ITEMS{i} = [1]\n\n\nclass Owner{i}:\n    items = ITEMS{i}\n\n\ndef grow{i}():\n    Owner{i}.items.append(2)",
            "ITEMS{i} = [1]\n\n\nclass Owner{i}:\n    items = ITEMS{i}\n\n    def more(self):\n        self.items.append(2)\n\n\n"
            "def grow{i}():\n    Owner{i}().more()",
            "ITEMS{i} = [1]\n\n\ndef grow{i}(held=ITEMS{i}):\n    held.append(2)",
            "ITEMS{i} = [1]\n\n\ndef get_items{i}():\n    return ITEMS{i}\n\n\ndef grow{i}():\n    get_items{i}().append(2)",
            "ITEMS{i} = [1]\nGROW{i} = functools.partial(ITEMS{i}.append, 2)\n\n\ndef grow{i}():\n    GROW{i}()",
            "ITEMS{i} = [1]\n\n\nclass Registry{i}:\n    def __init_subclass__(cls):\n        ITEMS{i}.append(cls.__name__)\n\n\n"
            "def grow{i}():\n    class Sub(Registry{i}):\n        pass",
            "ITEMS{i} = [1]\n\n\ndef track{i}(function):\n    ITEMS{i}.append(2)\n    return function\n\n\n"
            "def grow{i}():\n    @track{i}\n    def inner():\n        pass",
            "ITEMS{i} = [1]\n\n\nclass Lazy{i}:\n    @property\n    def grown(self):\n        ITEMS{i}.append(2)\n\n\n"
            "def grow{i}():\n    Lazy{i}().grown",
            "ITEMS{i} = [1]\n\n\nclass Lazy{i}:\n    def __getattr__(self, name):\n        ITEMS{i}.append(name)\n\n\n"
            "def grow{i}():\n    Lazy{i}().anything",
            "ITEMS{i} = [1]\n\n\nclass Lazy{i}:\n    def __add__(self, other):\n        ITEMS{i}.append(other)\n\n\n"
            "def grow{i}():\n    Lazy{i}() + 2",
            "ITEMS{i} = [1]\n\n\nclass Lazy{i}:\n    def __del__(self):\n        ITEMS{i}.append(2)\n\n\n"
            "def grow{i}():\n    Lazy{i}()",
            "ITEMS{i} = [1]\n\n\nclass Lazy{i}(type):\n    def __call__(cls):\n        ITEMS{i}.append(2)\n\n\n"
            "class Made{i}(metaclass=Lazy{i}):\n    pass\n\n\ndef grow{i}():\n    Made{i}()",
            "ITEMS{i} = [1]\n\n\n@contextlib.contextmanager\ndef within{i}():\n    ITEMS{i}.append(2)\n    yield\n\n\n"
            "def grow{i}():\n    with within{i}():\n        pass",
            "ITEMS{i} = [1]\nQUEUE{i} = iter(ITEMS{i}.append, 0)\n\n\ndef grow{i}():\n    Plain(ITEMS{i}).grow()",
        ),
        reads=(
            "{s}[0]",
            "{s}[-1]",
            "len({s})",
            "list({s})",
            "sum({s}) if len({s}) < 9 else 0",
            "str({s})",
            "f'{{{s}}}'",
            "{s} == [1]",
            "[*{s}]",
            "2 in {s}",
            "{s}[:]",
            "{s} + [0]",
            "{s}.copy()",
            "{s}.count(2)",
            "[each for each in {s}]",
            "dict(enumerate({s}))",
            "bool({s}[1:])",
            "repr({s})",
            "copy.copy({s})",
            "json.dumps({s})",
            "tuple({s})",
            "next(iter({s}))",
            "{s}.__len__()",
            "list(map(str, {s}))",
            "(lambda a: a[-1])({s})",
            "last({s})",
            "show({s})",
            "Snap({s})",
            "'{{}}'.format({s})",
            "'%s' % ({s},)",
            "(lambda *a: a)(*{s})",
            "[*map(repr, {s})]",
            "(held := {s})[-1]",
            "{s} and {s}[-1]",
            "not {s}[1:]",
            "1 if 2 in {s} else 0",
            "operator.itemgetter(-1)({s})",
            "collections.Counter(map(str, {s})).total()",
            "[1 for each in {s} if each == 2]",
            "{{1: each for each in {s}}}",
            "print(*{s})",
            "{s}",
            "[{s}, 1]",
        ),
        changes=_GROWN,
        own=("global {s}\n{s} = [3]", "grow{i}()", "grow{i}()", "grow{i}()", "global {s}\n{s} += [2]"),
        other=("{m}.{n} += [2]", "{m}.grow{i}()", *_rebound(_REBOUND_ELSEWHERE, "[3]")),
    ),
    State(
        name="TABLE{i}",
        setup=(
            "TABLE{i} = {{'k': 1}}",
            "TABLE{i} = dict(k=1)",
            "TABLE{i} = collections.OrderedDict(k=1)",
            "TABLE{i} = collections.defaultdict(int, k=1)",
            "TABLE{i} = types.MappingProxyType(INNER{i} := {{'k': 1}})\n\n\ndef grow{i}():\n    INNER{i}['k'] = 2",
            "TABLE{i} = {{}}\n\n\ndef register{i}(function):\n    TABLE{i}[function.__name__] = function() or 1\n    return function\n\n\n"
            "@register{i}\ndef k():\n    return 1\n\n\ndef grow{i}():\n    @register{i}\n    def later():\n        pass",
            "TABLE{i} = {{'k': 1}}\n\n\nclass Owner{i}:\n    def __init__(self):\n        self.table = TABLE{i}\n\n"
            "    def put(self, value):\n        self.table['k'] = value\n\n\ndef grow{i}():\n    Owner{i}().put(5)",
            "TABLE{i} = {{'k': 1}}\nVIEW{i} = TABLE{i}.items()\n\n\ndef grow{i}():\n    VIEW{i}.mapping and TABLE{i}.update(k=2)",
        ),
        reads=(
            "{s}['k']",
            "{s}.get('k')",
            "dict({s})",
            "list({s})",
            "list({s}.values())",
            "sorted({s}.items())",
            "len({s})",
            "'new' in {s}",
            "{s}.get('new', 'none')",
            "str(dict({s}))",
            "dict(**{s})",
            "{{**{s}}}",
            "'{{k}}'.format(**{s})",
            "'%(k)s' % {s}",
            "'{{k}}'.format_map({s})",
            "[each for each in {s}]",
            "Snap({s})",
            "operator.itemgetter('k')({s})",
            "(lambda k=0, **more: k)(**{s})",
            "max({s}.values(), key=str)",
        ),
        changes=(
            "{s}['k'] = 2",
            "{s}['new'] = 2",
            "{s}.update(k=3)",
            "{s}.update({{'new': 3}})",
            "{s}.setdefault('new', 4)",
            "{s}.pop('k', None)\n{s}['k'] = 5",
            "{s}['k'] += 1",
            "held = {s}\nheld['k'] = 2",
            "operator.setitem({s}, 'k', 9)",
            "dict.__setitem__({s}, 'k', 8)",
            "getattr({s}, 'update')(k=2)",
            "for {s}['k'] in (7,):\n    pass",
            "with patch.dict({s}, k=9):\n    pass",
            "patch.dict({s}, k=9).start()",
            "{s} | {{'k': 1}}",
            "held = {s}\nheld |= {{'k': 7}}",
            "def inner(table):\n    table['k'] = 'inner'\n\ninner({s})",
            "(lambda **a: a['t'].update(k=4))(t={s})",
            "{s}['k'], _ = 4, 5",
            "collections.ChainMap({s})['k'] = 11",
        ),
        own=("grow{i}()", "grow{i}()", "global {s}\n{s} = {{'k': 4}}"),
        other=("{m}.grow{i}()", *_rebound(_REBOUND_ELSEWHERE, "{{'k': 6}}")),
    ),
    State(
        name="Conf{i}",
        setup=(
            "class Conf{i}:\n    level = 1\n    items = [1]",
            "class Above{i}:\n    level = 1\n    items = [1]\n\n\nclass Conf{i}(Above{i}):\n    pass",
            "class Conf{i}(metaclass=Meta):\n    hidden = 1\n    items = [1]",
            "@dataclasses.dataclass\nclass Conf{i}:\n    level: int = 1\n    items = [1]",
            "class Conf{i}:\n    level = 1\n    items = [1]\n\n    @classmethod\n    def raise_level(cls, value=5):\n        cls.level = value\n\n\n"
            "def grow{i}():\n    Conf{i}.raise_level()",
            "class Conf{i}:\n    level = 1\n    items = [1]\n\n    def raise_level(self):\n        type(self).level = 6\n\n\n"
            "def grow{i}():\n    Conf{i}().raise_level()",
            "class Conf{i}:\n    level = 1\n    items = [1]\n\n    def __init__(self):\n        Conf{i}.level += 1\n\n\n"
            "def grow{i}():\n    Conf{i}()",
            "class Conf{i}:\n    level = 1\n    items = [1]\n\n    def __init_subclass__(cls):\n        Conf{i}.items.append(cls.__name__)\n        Conf{i}.level = 9\n\n\n"
            "def grow{i}():\n    class Later(Conf{i}):\n        pass",
            "class Conf{i}:\n    level = 1\n    items = [1]\n\n\ndef grow{i}(values=(('level', 7),)):\n    for name, value in values:\n        setattr(Conf{i}, name, value)",
        ),
        reads=(
            "{s}.level",
            "len({s}.items)",
            "list({s}.items)",
            "getattr({s}, 'level')",
            "hasattr({s}, 'fresh')",
            "[{s}.level, {s}.items[-1]]",
            "show({s}.level)",
            "(lambda: {s}.level)()",
            "vars({s}).get('fresh')",
            "operator.attrgetter('level')({s})",
            "'{{0.level}}'.format({s})",
            "f'{{{s}.level}}'",
            "'fresh' in dir({s})",
            "len({s}.__subclasses__())",
            "{s}.__name__",
        ),
        changes=(
            "{s}.level = 2",
            "setattr({s}, 'level', 3)",
            "type.__setattr__({s}, 'level', 4)",
            "{s}.items.append(2)",
            "{s}.fresh = 1",
            "put({s}, 'level', 5)",
            "held = {s}\nheld.level = 6",
            "patch.object({s}, 'level', 7).start()",
            "for each in ({s},):\n    each.level = 8",
            "class Inner({s}):\n    pass\n\nInner.items.append(3)",
            "name = 'level'\nsetattr({s}, name, 9)",
            "{s}.__name__ = 'Renamed'",
            "{s}.level += 1",
            "{s}.items[:] = [9]",
            "def inner(cls):\n    cls.level = 10\n\ninner({s})",
        ),
        own=("grow{i}()", "grow{i}()"),
        other=("{m}.grow{i}()",),
    ),
    State(
        name="OBJ{i}",
        setup=(
            "OBJ{i} = Plain([1])",
            "OBJ{i} = types.SimpleNamespace(value=[1], level=1)",
            "OBJ{i} = Res('a')\nOBJ{i}.value = [1]",
            "OBJ{i} = Box([1])",
            "@dataclasses.dataclass\nclass Data{i}:\n    value: list\n    level: int = 1\n\n\nOBJ{i} = Data{i}([1])",
            "class Owner{i}:\n    def __init__(self):\n        self.value = [1]\n\n    def more(self):\n        self.value.append(2)\n\n    def replace(self):\n        self.value = [7]\n\n    def __repr__(self):\n        return repr(self.value)\n\n\n"
            "OBJ{i} = Owner{i}()\n\n\ndef grow{i}():\n    OBJ{i}.more()\n    OBJ{i}.replace()",
            "class Owner{i}:\n    shared = None\n\n    def __init__(self):\n        self.value = [1]\n        Owner{i}.shared = self\n\n    def __repr__(self):\n        return repr(self.value)\n\n\n"
            "OBJ{i} = Owner{i}()\n\n\ndef grow{i}():\n    Owner{i}.shared.value.append(4)",
        ),
        reads=(
            "{s}.value[-1]",
            "len({s}.value)",
            "repr({s})",
            "list({s}.value)",
            "getattr({s}, 'level', 0)",
            "vars({s}).get('level')",
            "Snap({s}.value)",
            "Snap({s})",
            "last({s}.value)",
            "copy.copy({s}).value[0]",
            "copy.deepcopy({s}).value",
            "show({s}.value)",
            "operator.attrgetter('value')({s})[0]",
            "{s}.value == [1]",
        ),
        changes=(
            "{s}.value.append(2)",
            "{s}.value = [3]",
            "{s}.level = 4",
            "setattr({s}, 'value', [5])",
            "vars({s})['value'] = [6]",
            "{s}.__dict__.update(value=[7])",
            "held = {s}\nheld.value = [8]",
            "{s}.value[0] = 9",
            "put({s}, 'value', [10])",
            "Plain.grow({s})",
            "patch.object({s}, 'value', [11]).start()",
            "object.__setattr__({s}, 'value', [12])",
            "def inner(each):\n    each.value = [13]\n\ninner({s})",
            "for name, value in {{'value': [14]}}.items():\n    setattr({s}, name, value)",
        ),
        own=("grow{i}()", "grow{i}()"),
        other=("{m}.grow{i}()",),
    ),
    State(
        name="COUNT{i}",
        setup=("COUNT{i} = Counting()",),
        reads=("{s}.times", "repr({s})", "Snap({s})", "Snap({s}.times)", "{s}.__dict__['times']"),
        changes=(
            "{s}()",
            "{s} + 1",
            "1 in {s}",
            "{s}[0]",
            "{s}.anything",
            "len({s})",
            "list({s})",
            "str({s})",
            "f'{{{s}}}'",
            "format({s})",
            "if {s}:\n    pass",
            "while {s}:\n    break",
            "assert {s}",
            "{s} == 1",
            "{s} < 1",
            "not {s}",
            "with {s}:\n    pass",
            "first, *_ = {s}",
            "for _ in {s}:\n    pass",
            "[*{s}]",
            "print(*{s})",
            "getattr({s}, 'thing')",
            "hasattr({s}, 'thing')",
            "'%s' % {s}",
            "'{{}}'.format({s})",
            "bool({s})",
            "any([{s}])",
            "sorted([{s}, 1])",
            "1 if {s} else 0",
            "{s} and 1",
            "{s} or 1",
            "[1 for _ in (1,) if {s}]",
            "match {s}:\n    case 1:\n        pass",
            "match {s}:\n    case held if held:\n        pass",
            "[1] == [{s}]",
            "{s} in [1]",
            "sum([{s}, {s}], {s})",
            "yielded = iter({s})",
            "max([{s}, 1])",
            "filter(None, [{s}]).__next__()",
        ),
    ),
    State(
        name="number{i}",
        setup=(
            "def number{i}():\n    number{i}.calls = getattr(number{i}, 'calls', 0) + 1\n    return number{i}.calls",
            "number{i} = itertools.count(1).__next__",
            "def _counter{i}():\n    n = 0\n\n    def inner():\n        nonlocal n\n        n += 1\n        return n\n\n    return inner\n\n\nnumber{i} = _counter{i}()",
            "STEPS{i} = []\n\n\ndef number{i}():\n    STEPS{i}.append(1)\n    return len(STEPS{i})",
            "def number{i}(seen=[]):\n    seen.append(1)\n    return len(seen)",
            "def _generate{i}():\n    yield from range(1, 100)\n\n\nnumber{i} = _generate{i}().__next__",
            "number{i} = functools.partial(next, iter(range(1, 100)))",
            "class _Number{i}:\n    calls = 0\n\n    def __call__(self):\n        self.calls += 1\n        return self.calls\n\n\nnumber{i} = _Number{i}()",
            "class _Number{i}:\n    made = []\n\n    def __new__(cls):\n        cls.made.append(1)\n        return len(cls.made)\n\n\nnumber{i} = _Number{i}",
            "@functools.lru_cache(maxsize=None)\ndef _memo{i}(key):\n    return []\n\n\ndef number{i}():\n    _memo{i}(1).append(1)\n    return len(_memo{i}(1))",
            "TOTAL{i} = 0\n\n\ndef number{i}():\n    global TOTAL{i}\n    TOTAL{i} += 1\n    return TOTAL{i}",
            "LOCAL{i} = threading.local()\n\n\ndef number{i}():\n    LOCAL{i}.n = getattr(LOCAL{i}, 'n', 0) + 1\n    return LOCAL{i}.n",
            "VAR{i} = contextvars.ContextVar('VAR{i}', default=0)\n\n\ndef number{i}():\n    VAR{i}.set(VAR{i}.get() + 1)\n    return VAR{i}.get()",
            "SPARE{i} = list(range(1, 100))\n\n\ndef number{i}():\n    return SPARE{i}.pop(0)",
            "WORDS{i} = dict.fromkeys(range(1, 100))\n\n\ndef number{i}():\n    return 100 - WORDS{i}.popitem()[0]",
        ),
        reads=(
            "{s}()",
            "[{s}(), {s}()]",
            "Snap({s}())",
            "taken({s}())",
            "(lambda: {s}())()",
            "f'{{{s}()}}'",
            "change({s})",
        ),
        changes=("{s}()", "held = {s}\nheld()", "change({s})", "list(map(lambda _: {s}(), (1, 2)))"),
        other=_rebound(_REBOUND_ELSEWHERE, "(lambda: 50)"),
    ),
    State(
        name="VAR{i}",
        setup=("VAR{i} = contextvars.ContextVar('VAR{i}', default=1)",),
        reads=("{s}.get()", "[{s}.get()]"),
        changes=("{s}.set(2)", "held = {s}\nheld.set(3)", "change({s}.set, 4)"),
    ),
    State(
        name="LOCAL{i}",
        setup=("LOCAL{i} = threading.local()\nLOCAL{i}.value = 1",),
        reads=("{s}.value", "getattr({s}, 'value', 0)", "vars({s})['value']"),
        changes=("{s}.value = 2", "setattr({s}, 'value', 3)", "put({s}, 'value', 4)"),
    ),
    State(
        name="BITS{i}",
        setup=(
            "BITS{i} = bytearray(b'a')",
            "BITS{i} = collections.deque([97])",
            "BITS{i} = heapq.nsmallest(1, [97])",
        ),
        reads=("bytes({s})", "len({s})", "list({s})", "{s}[0]", "repr({s})", "98 in {s}"),
        changes=(
            "{s}.append(98)",
            "{s}[0] = 99",
            "{s}.extend([98])",
            "{s}.reverse()\n{s}.append(1)",
            "{s} *= 2",
            "held = {s}\nheld *= 2",
        ),
    ),
    State(
        name="SET{i}",
        setup=("SET{i} = {{1}}", "SET{i} = set()\nSET{i}.add(1)", "SET{i} = {{each for each in (1,)}}"),
        reads=(
            "sorted({s})",
            "len({s})",
            "2 in {s}",
            "frozenset({s})",
            "{s} | {{0}}",
            "{s} == {{1}}",
            "list({s})[0]",
        ),
        changes=(
            "{s}.add(2)",
            "{s}.update([3])",
            "{s}.discard(1)",
            "held = {s}\nheld |= {{4}}",
            "{s}.__ior__({{5}})",
            "set.add({s}, 6)",
        ),
    ),
    State(
        name="helper{i}",
        setup=(
            "def helper{i}():\n    return 1",
            "helper{i} = lambda: 1",
            "class helper{i}:\n    def __new__(cls):\n        return 1",
        ),
        reads=("{s}()", "[{s}()]", "Snap({s}())", "(lambda: {s}())()", "change({s})", "{s}.__name__"),
        changes=(
            "{s}.__name__ = 'other'",
            "{s}.__code__ = (lambda: 5).__code__",
        ),
        own=_rebound(_REBOUND_HERE, "(lambda: 2)"),
        other=_rebound(_REBOUND_ELSEWHERE, "(lambda: 3)"),
    ),
    State(
        name="PATH{i}",
        setup=(
            "PATH{i} = 'a.txt'",
            "PATH{i} = pathlib.Path('a.txt')",
            "PATH{i} = os.path.join('.', 'a.txt')",
        ),
        reads=(
            "open({s}).read()",
            "pathlib.Path({s}).read_text()",
            "os.path.getsize({s})",
            "os.path.exists({s})",
            "os.stat({s}).st_size",
            "sorted(os.listdir())[:2]",
            "len(list(pathlib.Path().glob('*.txt')))",
            "os.path.abspath({s})[-9:]",
        ),
        changes=(
            "pathlib.Path({s}).write_text('changed')",
            "with open({s}, 'w') as stream:\n    stream.write('changed too')",
            "with open({s}, mode='a') as stream:\n    print('more', file=stream)",
            "shutil.copy('b.txt', {s})",
            "os.replace('b.txt', {s})",
            "shutil.copyfile('b.txt', 'c.txt')",
            "pathlib.Path('c.txt').touch()",
            "os.truncate({s}, 1)",
            "pathlib.Path({s}).open('w').close()",
        ),
    ),
    State(
        name="os",
        setup=("ENVIRONMENT{i} = 1",),
        reads=(
            "os.environ['WORD']",
            "os.environ.get('WORD')",
            "os.getenv('WORD', 'none')",
            "os.environ.get('FRESH', 'none')",
            "dict(os.environ).get('WORD')",
            "os.path.expandvars('$WORD')",
            "os.path.basename(os.getcwd())",
            "pathlib.Path.cwd().name",
            "os.path.abspath('x')[-20:]",
            "len(sys.path) > 0 and sys.path[0][-4:]",
            "sys.argv[1:]",
            "os.sep",
            "'WORD' in os.environ",
        ),
        changes=(
            "os.environ['WORD'] = 'changed'",
            "os.environ.update(WORD='updated')",
            "os.environ.setdefault('FRESH', 'new')",
            "os.environ.pop('WORD', None)\nos.environ['WORD'] = 'popped'",
            "held = os.environ\nheld['WORD'] = 'held'",
            "patch.dict(os.environ, WORD='patched').start()",
            "os.environ |= {{'WORD': 'ored'}}",
            "os.environ.__setitem__('WORD', 'set')",
            "env = 'WORD'\nos.environ[env] = 'named'",
            "setattr(os, 'sep', os.sep)",
            "os.mkdir('sub') if not os.path.exists('sub') else None\nos.chdir('.')",
            "sys.path.insert(0, 'here')",
            "sys.argv.append('more')",
            "with contextlib.suppress(OSError):\n    os.mkdir('sub')\nos.chdir('sub')\nos.chdir('..')",
        ),
    ),
    State(
        name="decimal",
        setup=("PRECISION{i} = 1",),
        reads=(
            "decimal.Decimal(1) / decimal.Decimal(3)",
            "decimal.getcontext().prec",
            "random.Random(1).random()",
            "logging.getLogger('fuzz').level",
            "logging.getLogger('fuzz').getEffectiveLevel()",
            "logging.getLogger('fuzz').handlers[:]",
            "sys.getrecursionlimit()",
            "json.dumps([1])",
            "make('a').name",
            "res.make('a').name",
            "Res('a').get()",
            "res.Res('a').name",
            "repr(Res('a'))",
            "show(1)",
            "boxes.show(1)",
            "repr(Box(1))",
        ),
        changes=(
            "decimal.getcontext().prec = 5",
            "decimal.setcontext(decimal.Context(prec=6))",
            "logging.getLogger('fuzz').setLevel(10)",
            "logging.getLogger('fuzz').addHandler(logging.NullHandler())",
            "logging.getLogger().setLevel(40)",
            "sys.setrecursionlimit(5000)",
            "json.dumps = lambda value: 'patched'",
            "res.make = lambda name: Res('b')",
            "Res.get = lambda self: 'patched'",
            "setattr(Res, '__repr__', lambda self: 'patched')",
            "patch.object(res, 'make', return_value=Res('b')).start()",
            "patch('res.make', return_value=Res('b')).start()",
            "boxes.show = lambda value: 'patched'",
            "Box.__repr__ = lambda self: 'patched'",
            "Res.__init__.__defaults__ = ('b',)",
            "name = 'get'\nsetattr(res.Res, name, lambda self: 'named')",
            "globals()['show'] = lambda value: 'own'",
            "globals()['make'] = lambda value: Res('b')",
        ),
    ),
)

VALUES = (
    "{v} = {r}",
    "{v} = taken({r})",
    "{v} = [Res('a'), {r}]",
    "{v} = (open('a.txt').read(), {r})",
    "{v} = Box({r})",
    "{v} = Snap({r})",
    "{v}: object = Snap({r})",
    "{v} = Res('a')\n{v}.tag = {r}",
    "{v} = Box(0)\n{v}.more['k'] = {r}",
    "{v} = Box(more={r})",
    "{v} = Box(*[{r}])",
    "{v} = Box(**{{'value': {r}}})",
    "{v} = Res('a') if {r} else Res('b')",
    "if {r}:\n    {v} = Box(1)\nelse:\n    {v} = Box(2)",
    "try:\n    {v} = Box({r})\nexcept OSError:\n    {v} = None",
    "try:\n    {v} = Box(1)\nfinally:\n    SEEN{i} = {r}",
    "with open('a.txt') as stream{i}:\n    {v} = [stream{i}.read(), {r}]",
    "for _{v} in range(1):\n    {v} = Box({r})",
    "def make_{v}():\n    return Box({r})\n\n\n{v} = make_{v}()",
    "def make_{v}():\n    return Snap({r})\n\n\n{v} = make_{v}()",
    "def make_{v}(given={r}):\n    return Snap(given)\n\n\n{v} = make_{v}()",
    "class Maker_{v}:\n    def __init__(self):\n        self.value = {r}\n        self.text = open('a.txt').read()\n\n"
    "    def __repr__(self):\n        return repr(self.value)\n\n\n{v} = Maker_{v}()",
    "class Maker_{v}:\n    value = {r}\n\n    def __init__(self):\n        self.text = open('a.txt').read()\n\n"
    "    def __repr__(self):\n        return repr(self.value)\n\n\n{v} = Maker_{v}()",
    "class Maker_{v}(Box):\n    def __init__(self):\n        super().__init__({r})\n\n\n{v} = Maker_{v}()",
    "{v} = dict(a=Box({r}))",
    "{v} = [Box({r}) for _ in (1,)][0]",
    "{v} = (lambda: Box({r}))()",
    "{v} = functools.partial(Snap, {r})()",
    "{v} = Snap([{r}, open('b.txt').read()])",
    "{v}, _{v} = Box({r}), 1",
    "{v} = _{v} = Box({r})",
    "{v} = change(Snap, {r})",
    "KEPT{i} = {r}\n{v} = Snap(KEPT{i})",
    "{v} = Box(1) or {r}",
    "{v} = {r} and Box({r})",
    "match {r}:\n    case 1:\n        {v} = Box(1)\n    case _:\n        {v} = Box(2)",
)

READERS = (
    "return {v}",
    "return {v}",
    "return repr({v})",
    "return [{v}]",
    "held = {v}\nreturn held",
    "def inner():\n    return {v}\n\nreturn inner()",
    "return getattr(sys.modules[__name__], '{v}', None)",
)
