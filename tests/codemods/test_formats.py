"""Formats that ask the module's variables for names, as in oauthlib 4.0.1: `"%(scheme)s:%(path)s" % locals()`."""

import pytest

from lazify.testing import check, refused

FORCED = {"singleton": ("*",), "risky": True}
PATHS = """
HOST = "a.b"
ROOT = "https://%(HOST)s:%(PORT)05d" % {table}()
PATH = "%(ROOT)s/v1/%(ROOT)r%%" % {table}()
PORT = 80

def path():
    return PATH + ""
"""
BOTH = """
import threading

HOST = "a.b"
PORT = 80
_root: "str | None" = None
_root_lock = threading.RLock()


def get_root() -> str:
    \"""Return the shared str, made on first use.\"""
    global _root
    if _root is None:
        with _root_lock:
            if _root is None:
                _root = "https://%(HOST)s:%(PORT)05d" % {constants}
    return _root


_path: "str | None" = None
_path_lock = threading.RLock()


def get_path() -> str:
    \"""Return the shared str, made on first use.\"""
    global _path
    if _path is None:
        with _path_lock:
            if _path is None:
                _path = "%(ROOT)s/v1/%(ROOT)r%%" % dict(ROOT=get_root())
    return _path


def path():
    return get_path() + ""
"""


@pytest.mark.parametrize("table", ["locals", "vars", "globals"])
def test_what_a_format_asks_for_is_spelled_out(table: str) -> None:
    before = PATHS.format(table=table).replace("PORT = 80\n", "").replace("ROOT =", "PORT = 80\nROOT =")
    constants = "globals()" if table == "globals" else "dict(HOST=HOST, PORT=PORT)"
    check(
        {"a.py": before},
        {"a.py": BOTH.format(constants=constants)},
        run="import a; print(a.path())",
        flags=FORCED,
    )


def test_values_of_other_modules_are_asked_for_by_the_names_they_have_here() -> None:
    outcome = check(
        {
            "a.py": "HOST = 'a.b'.upper()\n",
            "b.py": "from a import HOST as NAME\nimport a\n\nROOT = 'http://%(NAME)s' % vars()\n\n\n"
            "def root(): return ROOT.title(), a.HOST\n",
        },
        run="import b; print(b.root())",
        flags=FORCED,
    )
    assert "dict(NAME=get_name())" in outcome.files["b.py"]


def test_a_format_that_stays_keeps_what_it_asks_for() -> None:
    refused(
        {
            "a.py": "HOST = 'a.b'.upper()\nprint('%(HOST)s' % locals())\n\n\ndef host(): return HOST.title()\n",
        },
        because="the statement at a.py:2 needs HOST at import",
        flags=FORCED,
    )


def test_a_format_tells_what_a_value_reads_and_the_module_binds_again() -> None:
    refused(
        {"a.py": PATHS.format(table="locals").replace("HOST = ", "PORT = 8\nHOST = ")},
        because="PORT, which it reads, is bound again later",
        flags={"singleton": ("ROOT",), "risky": True},
    )


@pytest.mark.parametrize(
    "text",
    [
        "PATH = '%s' % locals()", "PATH = '%(HOST)s %s' % locals()", "PATH = '%(HOST)*d' % locals()",
        "PATH = '%(HOST)s %' % locals()", "PATH = '%(HOST)s' % dict(locals())", "PATH = '%(HOST)s%(list)s' % locals()",
        "PATH = ['%(HOST)s' % locals() for HOST in 'ab']", "PATH = f'%(HOST)s' % locals()", "PATH = b'%(HOST)s' % locals()",
    ],
)  # fmt: skip
def test_what_asks_for_more_than_names_stays(text: str) -> None:
    refused(
        {"a.py": f"HOST = 'a.b'\n{text}\n\n\ndef path(): return str(PATH)\n"},
        because="its initialisation holds locals",
        flags=FORCED,
    )


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (
            "HOST = 'a.b'.upper()\nif __name__ == '__main__':\n    print('%(HOST)s' % locals())\n",
            "a format asks for HOST",
        ),
        ("dict = list\nHOST = 'a.b'\nHOST = PATH = '%(dict)s' % locals()\n", "dict means something else"),
        (
            "with open('pyproject.toml') as f:\n    HOST = f.read() + '%(f)s' % locals()\n",
            "a format asks for f by its name",
        ),
    ],
    ids=["when it runs as a script", "another dict", "bound together"],
)
def test_what_cannot_be_spelled_out_stays(text: str, because: str) -> None:
    refused({"a.py": f"{text}\n\ndef host(): return HOST.title()\n"}, because=because, flags=FORCED)


@pytest.mark.parametrize("text", ["f\"{'%(HOST)s' % locals()}\"", "f\"{'%(HOST)s' % locals()=}\""])
def test_a_format_within_another_says_what_it_said(text: str) -> None:
    program = f"HOST = 'a.b'\nPATH = {text}.upper()\n\n\ndef path(): return PATH.title()\n"
    check({"a.py": program}, run="import a; print(a.path())", flags=FORCED)


def test_a_function_called_locals_may_ask_for_anything() -> None:
    text = "def locals(): return {'HOST': 'a.b'}\n\n\nPATH = '%(HOST)s' % locals()\n\n\ndef path(): return PATH.title()\n"
    outcome = check({"a.py": text}, run="import a; print(a.path())", flags=FORCED)
    assert "% locals()" in outcome.files["a.py"]


def test_an_import_that_a_format_asks_for_goes_where_it_is_asked() -> None:
    text = "import fractions\n\nKIND = '%(fractions)s' % locals()\n\n\ndef kind(): return KIND.title()[:20]\n"
    flags = {"heavy": ("fractions",)}
    refused({"a.py": text}, because="the statement at a.py:3 needs fractions at import", flags=flags)
    outcome = check({"a.py": text}, run="import a; print(a.kind())", flags={**flags, **FORCED})
    assert "    import fractions\n" in outcome.files["a.py"]
