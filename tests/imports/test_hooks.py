"""A function that an import calls while it runs makes no import by itself: it would be called for that, too."""

import pytest

from lazify.testing import check, refused

FLAGS = {"heavy": ("parts",)}
PARTS = "import logging\n\nlogging.getLogger('parts').warning('hello')\nHALF = 1\n"
RUN = "import sys; sys.path.insert(0, 'vendor'); import m; m.install(); import colorsys; print(m.seen)"
WATCH = "def watch(*args, **kwargs):\n    seen.append(parts.HALF)\n{more}\n\ndef install():\n    {install}\n"


def files(code: str) -> dict[str, str]:
    head = "import builtins\nimport gc\nimport logging\nimport signal\nimport sys\nimport warnings\n\nimport parts\n\nseen = []\n\n\n"
    return {"m.py": head + code, "vendor/parts/__init__.py": PARTS}


FINDER = """class Finder:
    def find_spec(self, name, path=None, target=None):
        self.note(name)
        return None

    def note(self, name):
        seen.append(parts.HALF)


def install():
    sys.meta_path.insert(0, Finder())
"""
HANDLER = """class Note(logging.StreamHandler):
    def emit(self, record):
        note()


def note():
    seen.append(parts.HALF)


def install():
    logging.getLogger().addHandler(Note())
    logging.warning('x')
"""


@pytest.mark.parametrize(
    ("code", "because"),
    [
        (FINDER, "find_spec: an import may call the function that uses parts"),
        (HANDLER, "emit: an import may call the function that uses parts"),
        (WATCH.format(more="", install="sys.addaudithook(lambda *given: watch())"), "sys.addaudithook: an import"),
        (WATCH.format(more="", install="gc.callbacks.append(watch)"), "gc.callbacks: an import"),
        (
            WATCH.format(
                more="    return real(*args, **kwargs)\n\n\nreal = builtins.__import__\n",
                install="builtins.__import__ = watch",
            ),
            "__import__: an import",
        ),
        (WATCH.format(more="", install="sys.setprofile(watch)"), "sys.setprofile: an import"),
        (WATCH.format(more="", install="warnings.showwarning = watch"), "showwarning: an import"),
        (WATCH.format(more="", install="signal.signal(signal.SIGTERM, watch)"), "signal.signal: an import"),
    ],
)  # fmt: skip
def test_what_an_import_calls_imports_nothing(code: str, because: str) -> None:
    refused(files(code), because=because, flags=FLAGS)


@pytest.mark.parametrize(
    "code",
    [
        WATCH.format(more="", install="sys.excepthook = watch"),
        HANDLER.replace("(logging.StreamHandler)", "").replace("addHandler(Note())", "info(Note())"),
        FINDER.replace("find_spec", "find"),
    ],
)
def test_what_no_import_calls_imports_for_itself(code: str) -> None:
    assert check(files(code), flags=FLAGS).plan.changes


@pytest.mark.parametrize("code", [FINDER, HANDLER])
def test_they_go_on_working(code: str) -> None:
    check(files(code), flags=FLAGS, run=RUN)
