"""What a making gives to code that nobody has read may be changed by it, for all who use it."""

import pytest

from lazify.testing import Files, check, refused

CONF = {"conf_.py": 'conf = open("pyproject.toml").read()\n\n\ndef f():\n    return conf\n'}
WEB = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef home(): return ''\n"
MODEL = "class Model:\n    pass\n\n\nmodel = Model()\n\n\ndef f():\n    return model\n"
EXTENDS = {
    "an application": (WEB, "import somelib\n\nmade = somelib.Limiter(app, conf)"),
    "by keyword": (WEB, "import somelib\n\nmade = somelib.Limiter(app=app, limits=conf)"),
    "by a method of its own": (WEB, "import somelib\n\nmade = somelib.Limiter(conf)\nmade.init_app(app)"),
    "to an extension that is known": (WEB, "from flask_caching import Cache\n\nmade = Cache(app, conf)"),
    "an object of the project": (MODEL, "from transitions import Machine\n\nmade = Machine(model, conf)"),
}


@pytest.mark.parametrize(("module", "text"), EXTENDS.values(), ids=EXTENDS.keys())
def test_what_extends_an_object_of_others_stays(module: str, text: str) -> None:
    name = "app" if module is WEB else "model"
    files: Files = {
        **CONF,
        "web.py": module,
        "ext.py": f"from conf_ import conf\nfrom web import {name}\n{text}\n\n\ndef f():\n    return made.x\n",
    }
    outcome = check(files)
    assert not any("made becomes" in change.title for change in outcome.plan.changes)


def test_an_application_is_extended_at_once_whatever_one_risks() -> None:
    files: Files = {
        "web.py": WEB,
        "ext.py": "from web import app\nimport somelib\n\nmade = somelib.Limiter(app)\n\n\ndef f():\n    return made.x\n",
    }
    because = "making it gives app to code that may change it for others"
    refused(files, because=because, flags={"singleton": ("made",), "risky": True})


@pytest.mark.parametrize(
    "text",
    [
        "import somelib\n\nmade = somelib.Reader(conf, 3, str)",
        "from helper import Reader\n\nmade = Reader(model, conf)",
        "import somelib\n\nown = Model()\nmade = somelib.Reader(own, conf)",
    ],
    ids=["plain values", "code that is read", "what nobody else uses"],
)
def test_what_changes_nothing_for_others_becomes_a_getter(text: str) -> None:
    files: Files = {
        **CONF,
        "web.py": MODEL,
        "helper.py": "class Reader:\n    def __init__(self, model, text): self.text = model, text\n",
        "ext.py": f"from conf_ import conf\nfrom web import Model, model\n{text}\n\n\ndef f():\n    return made.text\n",
    }
    assert any("made becomes" in change.title for change in check(files).plan.changes)


def test_what_declares_something_exists_at_import_whatever_it_is_made_of() -> None:
    files: Files = {
        "m.py": "import threading\n\nconf = len(open('pyproject.toml').read()) + 1\nslots = threading.Semaphore(conf)\n\n\n"
        "def f():\n    with slots:\n        return 1\n",
    }
    refused(files, because="slots declares something")
