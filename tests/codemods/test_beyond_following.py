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
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_goes_a_way_that_is_hard_to_follow(name: str) -> None:
    check(PROGRAMS[name], run="import use; print(use.go())")
