"""LZ203: a module whose import leaves something in objects of others is imported when it is today."""

import pytest

from lazify.testing import Files, check, refused

FLAGS = {"heavy": ("fractions",), "select": ("LZ203",)}
WAITING = (
    "{code}\nimport fractions\n\nHALF = fractions.Fraction(1, 2)\n\n\ndef solve():\n    return str(HALF)\n"
)
MAIN = "import base\nimport waiting\n\n\ndef handler():\n    return waiting.solve()\n"
OTHER = "\n\ndef other():\n    return {}\n"


def files(base: str, code: str, other: str = "1") -> Files:
    return {
        "base.py": f"{base}\n",
        "waiting.py": WAITING.format(code=code),
        "main.py": MAIN + OTHER.format(other),
    }


@pytest.mark.parametrize(
    ("base", "code", "because"),
    [
        ("app = FastAPI()", "@app.get('/')\ndef index(): ...", "does something to app"),
        ("app = FastAPI()", "class Views:\n    @app.get('/')\n    def index(self): ...", "does something to app"),
        ("app = FastAPI()", "app.state.limit = 3", "does something others see (base.app)"),
        ("app = FastAPI()", "if app:\n    app.mount('/', print)", "does something others see (base.app)"),
        ("x = 1", "import re\ntry:\n    if x:\n        re.purge()\nfinally:\n    pass", "calls re.purge() for its effect"),
        ("hooks = []", "hooks += [print]", "does something to hooks"),
        ("hooks = {}", "hooks |= {1: 2}", "does something to hooks"),
        ("hooks = []", "hooks @ 1", "does something to hooks"),
        ("x = 1", "import logging\nlog = logging.getLogger('httpx')\nlog.propagate = False", "does something to logging.getLogger()"),
        ("x = 1", "import decimal\nown = decimal.getcontext()\nown.prec = 5", "does something to decimal.getcontext()"),
        ("A = FastAPI()", "for each in (A,):\n    each.x = 2", "does something to each"),
        ("A = FastAPI()", "import base\nfor each in [*vars(base).values()]:\n    if isinstance(each, FastAPI):\n        each.x = 2", "does something to each"),
        ("hooks = {}", "import base\nvars(base)['hooks'] = 1", "does something to vars()"),
        ("x = 1", "import sys\nsys.modules['base'].x = 2", "does something to sys.modules[…]"),
        ("x = 1", "import decimal\ndecimal.getcontext().prec = 5", "does something to decimal.getcontext()"),
        ("x = 1", "import re\nre.purge()", "calls re.purge() for its effect"),
        ("x = 1", "from blinker import signal\nsignal('x').connect(print)", "calls signal().connect() for its effect"),
        ("x = 1", "from celery import shared_task\n@shared_task\ndef add(): ...", "(celery.shared_task)"),
        ("x = 1", "from prometheus_client import Counter\nHITS = Counter('hits', 'hits')", "(prometheus_client.Counter)"),
        ("meta = MetaData()", "from sqlalchemy import Table\nT = Table('t', meta)", "(sqlalchemy.Table)"),
    ],
)  # fmt: skip
def test_what_importing_a_module_leaves_elsewhere_is_there_in_time(
    base: str, code: str, because: str
) -> None:
    head = "from fastapi import FastAPI\nfrom sqlalchemy import MetaData\n\n"
    taken = base.partition(" ")[0]
    refused(files(head + base, f"from base import {taken}\n{code}"), because=because, flags=FLAGS)


ROUTE = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\ndef get_app():\n    return app\n\n\ndef make():\n    return FastAPI()"


@pytest.mark.parametrize(
    "code",
    [
        "router = base.app.router\n@router.get('/')\ndef index(): ...",
        "a = base.app\nb = a\n@b.get('/')\ndef index(): ...",
        "get = base.app.get\n@get('/')\ndef index(): ...",
        "@base.get_app().get('/')\ndef index(): ...",
        "a = base.get_app()\n@a.get('/')\ndef index(): ...",
        "@(base.app.get('/') if base.app else print)\ndef index(): ...",
        "def index(): ...\nindex = base.app.get('/')(index)",
        "def index(): ...\nadded = base.app.on_event('startup')(index)",
        "def index(): ...\nadded = base.app.add_api_route('/', index)",
        "added = base.app.add_api_route('/', lambda: 1)",
        "added = [base.app.get(path)(print) for path in ('/a', '/b')]",
        "a = base.app\na.state.limit = 3",
    ],
)
def test_an_object_of_others_is_theirs_by_any_name(code: str) -> None:
    refused(files(ROUTE, f"import base\n{code}"), because="importing waiting", flags=FLAGS)


def test_what_a_function_of_others_makes_anew_is_the_modules_own() -> None:
    code = "import base\nown = base.make()\n@own.get('/')\ndef index(): ..."
    assert "LZ203" in {change.code for change in check(files(ROUTE, code), flags=FLAGS).plan.changes}


@pytest.mark.parametrize(
    ("base", "code", "other", "because"),
    [
        ("import random\n\nrng = random.Random(1)", "from base import rng\nN = rng.random()", "base.rng.random()", "others work on rng too"),
        ("import itertools\n\nids = itertools.count()", "from base import ids\nN = next(ids)", "next(base.ids)", "does something others see (base.ids)"),
        ("rows = map(int, '12')", "from base import rows\nN = sum(rows)", "next(base.rows)", "others work on rows too"),
        ("import os\n\n\ndef go():\n    os.chdir('/')", "import os\nN = os.path.abspath('x')", "base.go()", "the program changes its working folder"),
    ],
)  # fmt: skip
def test_what_a_module_takes_from_others_in_its_turn_it_takes_in_time(
    base: str, code: str, other: str, because: str
) -> None:
    refused(files(base, code, other), because=because, flags=FLAGS)


@pytest.mark.parametrize(
    "code",
    [
        "own = []\nown.append(1)\nown += [2]",
        "import logging\nlog = logging.getLogger(__name__)\nlog.info('here')\nprint('here', end='')",
        "import logging\nlog = logging.getLogger(__name__)\nlog.propagate = True",
        "import base\nN = base.limit()\nM = len(base.hooks)",
        "import base\n\n\ndef later():\n    base.hooks.append(1)\n    base.hooks @ 1",
        "import functools\nfrom base import limit\n\n\n@functools.cache\ndef f():\n    return limit()",
        "globals()['x'] = 1",
        "import base\nif base.limit():\n    N = base.hooks.count(1)\nelse:\n    print('no', end='')",
        '"""A docstring."""\n...',
    ],
)
def test_what_a_module_does_to_its_own_objects_nobody_misses(code: str) -> None:
    before = files("hooks = []\n\n\ndef limit():\n    return 3", code)
    assert check(before, run="import main; print(main.handler())", flags=FLAGS).plan.changes
