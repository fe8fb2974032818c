"""Ways that objects and files go which lazify does not follow yet: the list of known limits names those it gets wrong."""

import pytest

from lazify.testing import check

STORE = "import sqlite3\n\nTABLES = ['a']\ndb = sqlite3.connect(f'{len(TABLES)}.db')\n\n\ndef path():\n    return db.execute('pragma database_list').fetchall()[0][2][-4:]\n"
PROGRAMS = {
    "a generator that is sent an object": {
        "store.py": STORE,
        "use.py": "import store\n\n\ndef grow():\n    while True:\n        tables = yield\n        tables.append('b')\n\n\n"
        "def go():\n    growing = grow()\n    next(growing)\n    growing.send(store.TABLES)\n    return store.path()\n",
    },
    "an object that the garbage collector gives": {
        "store.py": STORE,
        "use.py": "import gc\nimport store\n\n\ndef go():\n    for each in gc.get_objects():\n        if each is store.TABLES:\n"
        "            each.append('b')\n    return store.path()\n",
    },
    "code in a string with a computed module": {
        "store.py": STORE,
        "use.py": "import store\n\n\ndef go():\n    names = {}\n    exec('from {} import *'.format('sto' + 're'), names)\n    return 'db' in names\n",
    },
    "a path in a class": {
        "store.py": "class Settings:\n    PATH = 'settings.txt'\n\n    def __init__(self):\n        self.text = open(self.PATH).read()\n\n"
        "    @classmethod\n    def save(cls, text):\n        with open(cls.PATH, 'w') as file:\n            file.write(text)\n\n\nsettings = Settings()\n",
        "settings.txt": "old",
        "use.py": "import store\n\n\ndef go():\n    store.Settings.save('new')\n    return store.settings.text\n",
    },
    "the names of a module in a variable": {
        "conf.py": "TABLES = ['a']\n",
        "store.py": STORE.replace("TABLES = ['a']", "from conf import TABLES"),
        "use.py": "import store\n\n\ndef go():\n    import conf\n\n    names = vars(conf)\n    names['TABLES'].append('b')\n"
        "    return store.path()\n",
    },
    "a module that a class has": {
        "store.py": STORE,
        "use.py": "class Holder:\n    import store\n\n    def go(self):\n        self.store.TABLES.append('b')\n"
        "        return self.store.path()\n\n\ndef go():\n    return Holder().go()\n",
    },
    "a file that is moved to the path": {
        "places.py": "from pathlib import Path\n\nROOT = Path(__file__).parent\n",
        "store.py": "from places import ROOT\n\ntext = (ROOT / 'state.txt').read_text()\n\n\ndef shown():\n    return text\n",
        "state.txt": "old",
        "use.py": "import store\nfrom places import ROOT\n\n\ndef go():\n    target = ROOT / 'state.txt'\n    new = ROOT / 'new'\n"
        "    new.write_text('new')\n    new.replace(target)\n    return store.shown()\n",
    },
    "an operator that changes an object": {
        "box.py": "class Box:\n    def __init__(self):\n        self.count = 0\n\n    def add(self):\n        self.count += 1\n"
        "        return self.count\n\n\nbox = Box()\n\n\nclass Task:\n    def __rshift__(self, other):\n        return box.add()\n\n\n"
        "task = Task()\n",
        "store.py": "import sqlite3\nfrom box import task\n\ndb = (task >> 1, sqlite3.connect('store.db'))\n\n\n"
        "def first():\n    return db[0]\n",
        "use.py": "import store\nfrom box import box\n\n\ndef go():\n    return box.add(), store.first()\n",
    },
    "an iterator that is a default": {
        "ids.py": "import itertools\n\n\nclass Numbered:\n    def __init__(self, ids=itertools.count()):\n        self.number = next(ids)\n",
        "store.py": "import sqlite3\nfrom ids import Numbered\n\n\nclass Store(Numbered):\n    def __init__(self):\n        super().__init__()\n"
        "        self.db = sqlite3.connect('store.db')\n\n\nstore = Store()\n\n\ndef number():\n    return store.number\n",
        "use.py": "import store\nfrom ids import Numbered\n\n\ndef go():\n    return Numbered().number, store.number()\n",
    },
    "an object that is a default": {
        "ids.py": "class Ids:\n    last = 0\n\n    def new(self):\n        self.last += 1\n        return self.last\n\n\nclass Numbered:\n"
        "    def __init__(self, ids=Ids()):\n        self.number = ids.new()\n",
        "store.py": "import sqlite3\nfrom ids import Numbered\n\n\nclass Store(Numbered):\n    def __init__(self):\n        super().__init__()\n"
        "        self.db = sqlite3.connect('store.db')\n\n\nstore = Store()\n\n\ndef number():\n    return store.number\n",
        "use.py": "import store\nfrom ids import Numbered\n\n\ndef go():\n    return Numbered().number, store.number()\n",
    },
}


WAYS = {
    "names in a variable": "names = vars(conf)\n    names['TABLES'].append('b')",
    "names that are asked": "names = conf.__dict__\n    names.get('TABLES').append('b')",
    "all names": "for _, value in vars(conf).items():\n        if isinstance(value, list):\n            value.append('b')",
    "a name that grows": "names = vars(conf)\n    names['TABLES'] += ['b']",
    "a computed name": "getattr(conf, 'TAB' + 'LES').append('b')",
    "a variable": "held = conf\n    held.TABLES.append('b')",
    "a parameter": "put(conf)",
    "a default": "put()",
    "a result": "given().TABLES.append('b')",
    "an attribute": "Keeper().held.TABLES.append('b')",
    "an attribute of a class": "Keeper.conf.TABLES.append('b')",
    "an attribute of a class that is asked": "getattr(Keeper.conf, 'TABLES').append('b')",
    "a name of the module": "HELD.TABLES.append('b')",
    "a module in a table": "KEPT['conf'].TABLES.append('b')",
    "one module after the other": "for each in (conf, store):\n        if each is conf:\n            each.TABLES.append('b')",
    "with its place": "for _, table in enumerate([conf.TABLES]):\n        table.append('b')",
    "in a list": "held = [conf.TABLES]\n    held[0] += ['b']",
}
OTHERS = {
    "another name in a variable": "other(vars(conf)['OTHER'])",
    "another name of a variable": "held = conf\n    held.OTHER.append('b')",
    "another name of an attribute": "Keeper.conf.OTHER.append('b')",
    "all names, to look at them": "list(vars(conf).items())",
}
CONF = {
    "conf.py": "TABLES = ['a']\nOTHER = []\n",
    "store.py": STORE.replace("TABLES = ['a']", "from conf import TABLES"),
}
USE = (
    "import conf\nimport store\n\nHELD = conf\nKEPT = {'conf': conf}\n\n\nclass Keeper:\n    conf = conf\n\n"
    "    def __init__(self):\n        self.held = conf\n\n\ndef put(module=conf):\n    PUT\n\n\n"
    "def given():\n    return conf\n\n\ndef other(value):\n    value.append('b')\n\n\ndef go():\n    WAY\n    return store.path()\n"
)


def use(way: str) -> str:
    return USE.replace("PUT", "module.TABLES.append('b')" if "put(" in way else "return module").replace(
        "WAY", way
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_object_of_a_module_that_is_a_value(way: str) -> None:
    outcome = check({**CONF, "use.py": use(way)}, run="import use; print(use.go())")
    assert not outcome.plan.changes


@pytest.mark.parametrize("way", OTHERS.values(), ids=OTHERS)
def test_another_object_of_a_module_that_is_a_value(way: str) -> None:
    assert check({**CONF, "use.py": use(way)}, run="import use; print(use.go())").plan.changes


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_goes_a_way_that_is_hard_to_follow(name: str) -> None:
    check(PROGRAMS[name], run="import use; print(use.go())")
