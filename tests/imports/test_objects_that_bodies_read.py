"""LZ203: a module whose body reads what functions change is imported when it is today."""

import pytest

from lazify.testing import Files, check, refused

FLAGS = {"heavy": ("fractions",), "select": ("LZ203",)}
WAITING = "import fractions\n{head}\n\n\nclass Half(fractions.Fraction): ...\n"
MAIN = (
    "import other\nimport waiting\n\n\ndef show():\n    return waiting.FOUND, waiting.Half(1, 2)\n\n\n"
    "def run():\n    other.change()\n    return show()\n"
)
CLASS = (
    "class Config:\n    limit = 1\n\n    @classmethod\n    def of(cls):\n        cls.limit = 2\n\n"
    "    def load(self):\n        self.size = 2\n\n    def __init__(self):\n        self.size = 1\n\n\nconfig = Config()\n"
)
TABLE = "table = {}\n\n\ndef sized(function):\n    function.size = len(table)\n    return function\n"
READ = "from conf import table\n"
HELD = "import conf\n\nheld = conf.table\n\n\ndef change():\n    held['a'] = 1\n"


def files(conf: str, head: str, other: str) -> Files:
    return {
        "conf.py": conf,
        "waiting.py": WAITING.format(head=head),
        "other.py": other,
        "main.py": MAIN,
        "a.txt": "a",
    }


CHANGES = {
    "where a function imports the name": (
        TABLE, f"{READ}FOUND = len(table)", "def change():\n    from conf import table as t\n    t['a'] = 1\n",
    ),
    "where a function imports the module": (
        TABLE, f"{READ}FOUND = len(table)", "def change():\n    import conf\n    conf.table['a'] = 1\n",
    ),
    "where a function imports the class": (
        CLASS, "from conf import Config\nFOUND = Config.limit",
        "def change():\n    from conf import Config as C\n    C.limit = 2\n",
    ),
    "another name": (TABLE, f"{READ}FOUND = len(table)", HELD),
    "a module by its name": (
        TABLE, f"{READ}FOUND = len(table)",
        "import importlib\n\n\ndef change():\n    importlib.import_module('conf').table['a'] = 1\n",
    ),
    "a module of the system": (
        TABLE, f"{READ}FOUND = len(table)",
        "import sys\n\n\ndef change():\n    module = sys.modules['co' + 'nf']\n    module.table['a'] = 1\n",
    ),
    "a module by a keyword": (
        TABLE, f"{READ}FOUND = len(table)",
        "from importlib import import_module as take\n\n\ndef change():\n    take(name='conf').table['a'] = 1\n",
    ),
    "a module that the table is asked for": (
        TABLE, f"{READ}FOUND = len(table)",
        "import sys\n\n\ndef change():\n    sys.modules.get('conf').table['a'] = 1\n",
    ),
    "a name in quotes": (
        TABLE, f"{READ}FOUND = len(table)",
        "import conf\n\n\ndef change():\n    vars(conf)['table']['a'] = getattr(conf, 'sized')\n",
    ),
    "a function that asks for the name": (
        TABLE, f"{READ}FOUND = len(table)",
        "import operator\n\nimport conf\n\n\ndef change():\n    operator.attrgetter('table')(conf)['a'] = 1\n",
    ),
    "a parameter": (
        TABLE, f"{READ}FOUND = len(table)",
        "import conf\n\n\ndef fill(given):\n    given['a'] = 1\n\n\ndef change():\n    fill(conf.table)\n",
    ),
    "an attribute": (
        TABLE, f"{READ}FOUND = len(table)",
        "import conf\n\n\nclass Keeper:\n    def __init__(self):\n        self.table = conf.table\n\n\n"
        "def change():\n    Keeper().table.update(a=1)\n",
    ),
    "read by a class body": (TABLE, f"{READ}class Box:\n    size = len(table)\nFOUND = Box.size", HELD),
    "read by a default value": (TABLE, f"{READ}def size(n=len(table)):\n    return n\nFOUND = size()", HELD),
    "read by a decorator": (
        TABLE, "from conf import sized\n@sized\ndef f(): ...\nFOUND = f.size",
        "import conf\n\nheld = conf.table\n\n\ndef change():\n    held['a'] = 1\n",
    ),
    "a class method": (
        CLASS, "from conf import Config\nFOUND = Config.limit",
        "from conf import Config\n\n\ndef change():\n    Config.of()\n",
    ),
    "a method": (
        CLASS, "from conf import config\nFOUND = config.size",
        "from conf import config\n\n\ndef change():\n    config.load()\n",
    ),
    "what no module owns": (
        TABLE, "import sys\nFOUND = len(sys.argv)", "import sys\n\n\ndef change():\n    sys.argv.append('x')\n",
    ),
    "the working folder": (
        TABLE, "import os\nFOUND = os.getcwd()", "import os\n\n\ndef change():\n    os.chdir(os.sep)\n",
    ),
    "whether a file is there": (
        "STATE = 'b.txt'\n", "import os\nfrom conf import STATE\nFOUND = os.path.exists(STATE)",
        "from conf import STATE\n\n\ndef change():\n    with open(STATE, 'w') as file:\n        file.write('b')\n",
    ),
    "whether a file is there, in a class": (
        TABLE, "import os\n\n\nclass Box:\n    def size(self): ...\n\n    has = os.path.exists('b.txt')\nFOUND = Box.has",
        "from pathlib import Path\n\n\ndef change():\n    Path('b.txt').touch()\n",
    ),
    "whether a folder is there": (
        TABLE, "import os\n\n\ndef f(has=os.path.isdir('data')):\n    return has\nFOUND = f()",
        "import os\n\n\ndef change():\n    os.makedirs('data')\n",
    ),
    "what is in the working folder": (
        TABLE, "import os\nFOUND = len(os.listdir())", "def change():\n    open('b.txt', 'w').close()\n",
    ),
    "where modules are found": (
        TABLE, "import importlib.util\nFOUND = importlib.util.find_spec('plugged')",
        "import sys\n\n\ndef change():\n    sys.path.insert(0, 'plugins')\n",
    ),
    "which modules are loaded": (
        TABLE, "import sys\nFOUND = 'colorsys' in sys.modules", "def change():\n    import colorsys\n",
    ),
    "the deepest recursion": (
        TABLE, "import sys\nFOUND = sys.getrecursionlimit()",
        "import sys\n\n\ndef change():\n    sys.setrecursionlimit(5000)\n",
    ),
    "a file": (
        "STATE = 'a.txt'\n", "from conf import STATE\nFOUND = open(STATE).read()",
        "from conf import STATE\n\n\ndef change():\n    with open(STATE, 'w') as file:\n        file.write('b')\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("conf", "head", "other"), CHANGES.values(), ids=list(CHANGES))
def test_what_functions_change_is_read_in_time(conf: str, head: str, other: str) -> None:
    refused(files(conf, head, other), because="", flags=FLAGS)


KEPT = {
    "a table of another module of that name": (
        TABLE, f"{READ}FOUND = len(table)",
        "import importlib\n\n\ndef change():\n    importlib.import_module('main').table = {'a': 1}\n",
    ),
    "what it makes itself": (TABLE, "FOUND = {}\n\n\ndef fill():\n    FOUND['a'] = 1", "def change(): ...\n"),
    "a class of its own": (
        TABLE, "class Box:\n    size = 1\n\n\ndef grow():\n    Box.size = 2\n\n\nFOUND = Box().size",
        "def change(): ...\n",
    ),
    "what only its functions read": (TABLE, f"{READ}FOUND = 1\n\n\ndef size():\n    return len(table)", HELD),
    "a file that only its functions ask for": (
        TABLE, "import os\nFOUND = 1\n\n\ndef size():\n    return os.path.exists('b.txt')",
        "from pathlib import Path\n\n\ndef change():\n    Path('b.txt').touch()\n",
    ),
    "a file that its lambdas and methods ask for": (
        TABLE, "import os\nFOUND = 1\nsize = lambda: os.path.exists('b.txt')\n\n\n"
        "class Box:\n    def size(self):\n        return os.path.exists('b.txt')",
        "from pathlib import Path\n\n\ndef change():\n    Path('b.txt').touch()\n",
    ),
    "what only its annotations name": (
        CLASS, "from conf import Config\n\n\nclass Box:\n    def of(self) -> Config: ...\n\n\nFOUND = Box.__name__",
        "from conf import Config\n\n\ndef change():\n    Config.of()\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("conf", "head", "other"), KEPT.values(), ids=list(KEPT))
def test_a_body_that_reads_nothing_of_that_waits(conf: str, head: str, other: str) -> None:
    outcome = check(files(conf, head, other), flags=FLAGS, run="import main; print(main.run())")
    assert [change.code for change in outcome.plan.changes] == ["LZ203"]
