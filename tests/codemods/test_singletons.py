"""LZ101, LZ102, LZ103: what becomes a getter, how everything follows, and what stays."""

import textwrap

import pytest

from lazify.codemod import load
from lazify.testing import check, refused, untouched

BOX = """
class Box:
    def __init__(self, value=1):
        self.text = open("pyproject.toml").read()
        self.value = value
        self.used = 0

    def add(self, number):
        self.used += number
        return self.used

    def close(self):
        print("closed", self.used)
"""


def test_every_example_of_every_codemod_holds() -> None:
    for codemod in load():
        for example in codemod.examples:
            if example.refused is None:
                check(example.before, example.after, flags=example.flags)
            else:
                refused(example.before, because=example.refused, flags=example.flags)


def test_a_singleton_becomes_a_getter_with_a_lock() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": """
                from box import Box

                box = Box()


                def total():
                    return box.add(2)
                """,
        },
        {
            "a.py": """
                import threading

                from box import Box

                _box: "Box | None" = None
                _box_lock = threading.RLock()


                def get_box() -> Box:
                    \"\"\"Return the shared Box, made on first use.\"\"\"
                    global _box
                    if _box is None:
                        with _box_lock:
                            if _box is None:
                                _box = Box()
                    return _box


                def total():
                    return get_box().add(2)
                """,
        },
        run="import a; print(a.total(), a.total())",
    )


def test_the_plain_getter_has_no_lock() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef total():\n    return box.add(2)\n",
        },
        flags={"getter": "plain"},
        run="import a; print(a.total())",
    )
    assert "lock" not in outcome.files["a.py"]


def test_importing_the_rewritten_module_makes_nothing() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef total():\n    return box.add(2)\n",
        }
    )
    assert "box = Box()\n" not in outcome.files["a.py"].replace("_box = Box()\n", "")


FOLLOWERS = {
    "from import": "from a import box\n\n\ndef f():\n    return box.add(1)\n",
    "alias": "from a import box as b\n\n\ndef f():\n    return b.add(1)\n",
    "module": "import a\n\n\ndef f():\n    return a.box.add(1)\n",
    "module alias": "import a as m\n\n\ndef f():\n    return m.box.add(1)\n",
    "function import": "def f():\n    from a import box\n\n    return box.add(1)\n",
    "function import with alias": "def f():\n    from a import box as inner\n\n    return inner.add(1)\n",
    "star": "from a import *\n\n\ndef f():\n    return box.add(1)\n",
    "two aliases": "from a import box, box as other\n\n\ndef f():\n    return box.add(1) + other.add(1)\n",
    "conditional": "import sys\n\nif sys:\n    from a import box\nelse:\n    from a import box\n\n\ndef f():\n    return box.add(1)\n",
    "parenthesised": "from a import (  # all of it\n    box,  # the box\n)\n\n\ndef f():\n    return (box).add(1)\n",
    "lambda": "from a import box\n\nf = lambda: box.add(1)\n",
    "comprehension": "from a import box\n\n\ndef f():\n    return [box.add(n) for n in range(3)]\n",
    "nested function": "from a import box\n\n\ndef f():\n    def g():\n        return box.add(1)\n\n    return g()\n",
    "method": "from a import box\n\n\nclass C:\n    def m(self):\n        return box.add(1)\n\n\ndef f():\n    return C().m()\n",
    "class in a function": "from a import box\n\n\ndef f():\n    class C:\n        v = box.add(1)\n\n    return C.v\n",
    "default in a function": "from a import box\n\n\ndef f():\n    def g(v=box):\n        return v.add(1)\n\n    return g()\n",
    "f-string": 'from a import box\n\n\ndef f():\n    return f"{box.add(1)!r:>5} {box.used}"\n',
    "nested f-string": "from a import box\n\n\ndef f():\n    return f\"{[f'{box.add(1)}' for _ in range(2)]}\"\n",
    "attribute write": "from a import box\n\n\ndef f():\n    box.used = 5\n    box.used += 1\n    return box.used\n",
    "tuple": "from a import box\n\n\ndef f():\n    x, y = box, box.used\n    return y\n",
    "yield": "from a import box\n\n\ndef g():\n    yield box.add(1)\n\n\ndef f():\n    return list(g())\n",
    "async": "import asyncio\nfrom a import box\n\n\nasync def g():\n    return box.add(1)\n\n\ndef f():\n    return asyncio.run(g())\n",
    "global only read": "from a import box\n\n\ndef f():\n    global box\n    return box.add(1)\n",
    "keyword argument": "from a import box\n\n\ndef g(box):\n    return box.used\n\n\ndef f():\n    return g(box=box)\n",
    "getattr on it": 'from a import box\n\n\ndef f():\n    return getattr(box, "used")\n',
    "main guard": 'from a import box\n\n\ndef f():\n    return 1\n\n\nif __name__ == "__main__":\n    print(box.used)\n',
    "delete of an attribute": "from a import box\n\n\ndef f():\n    del box.text\n    return hasattr(box, 'text')\n",
    "non-ascii line": "from a import box\n\n\ndef f():\n    return 'äöü€😀', box.add(1), 'ß'\n",
    "walrus": "from a import box\n\n\ndef f():\n    return (n := box.add(1)) + n\n",
    "decorator in a function": "from a import box\n\n\ndef f():\n    @(lambda g: box)\n    def h(): ...\n\n    return h.add(1)\n",
}


@pytest.mark.parametrize("follower", FOLLOWERS.values(), ids=list(FOLLOWERS))
def test_every_kind_of_use_follows(follower: str) -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef total():\n    return box.used\n",
            "b.py": follower,
        },
        run="import b, a; print(b.f(), a.total())",
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ101"]
    assert "get_" in outcome.files["b.py"] or "*" in outcome.files["b.py"]


LOOKALIKES = {
    "parameter": "def f(box):\n    return box\n",
    "local": "def f(x):\n    box = x\n    return box\n",
    "comprehension variable": "def f(x):\n    return [box for box in [x]]\n",
    "keyword": "def f(x):\n    return dict(box=x)['box']\n",
    "attribute": "class O:\n    box = 3\n\n\ndef f(x):\n    return O().box\n",
    "class attribute": "class O:\n    box = 3\n    other = box\n\n\ndef f(x):\n    return O.other\n",
    "capture": "def f(x):\n    match x:\n        case box:\n            return box\n",
    "except": "def f(x):\n    try:\n        1 / 0\n    except ZeroDivisionError as box:\n        return str(box)\n",
    "for": "def f(x):\n    for box in [x]:\n        pass\n    return box\n",
    "with": "import contextlib\n\n\ndef f(x):\n    with contextlib.nullcontext(x) as box:\n        return box\n",
    "import": "def f(x):\n    import box\n\n    return box.__name__\n",
    "nested function": "def f(x):\n    def box():\n        return x\n\n    return box()\n",
    "lambda parameter": "def f(x):\n    return (lambda box: box)(x)\n",
    "nonlocal": "def f(x):\n    box = 1\n\n    def g():\n        nonlocal box\n        box = x\n\n    g()\n    return box\n",
    "star parameters": "def f(*box, **kw):\n    return box[0]\n",
    "walrus": "def f(x):\n    if (box := x):\n        return box\n",
    "del": "def f(x):\n    box = x\n    del box\n    return x\n",
}


@pytest.mark.parametrize("lookalike", LOOKALIKES.values(), ids=list(LOOKALIKES))
def test_other_things_of_the_same_name_stay(lookalike: str) -> None:
    source = f"from box import Box\n\nbox = Box()\n\n\ndef total():\n    return box.used\n\n\n{lookalike}"
    outcome = check({"box.py": BOX, "a.py": source}, run="import a; print(a.f(7), a.total())")
    assert lookalike in outcome.files["a.py"]


def test_an_accessor_that_only_returns_the_value_becomes_the_getter() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": """
                from box import Box

                # One box for all.
                box = Box()  # never two


                def get_box() -> Box:
                    \"\"\"Give the box.\"\"\"
                    return box


                def total():
                    return box.add(1)
                """,
            "b.py": "from a import box, get_box\n\n\ndef f():\n    return box is get_box()\n",
        },
        {
            "a.py": """
                import threading

                from box import Box

                # One box for all.
                _box: "Box | None" = None
                _box_lock = threading.RLock()


                def get_box() -> Box:
                    \"\"\"Give the box.\"\"\"
                    global _box
                    if _box is None:
                        with _box_lock:
                            if _box is None:
                                _box = Box()  # never two
                    return _box


                def total():
                    return get_box().add(1)
                """,
            "b.py": "from a import get_box\n\n\ndef f():\n    return get_box() is get_box()\n",
        },
        run="import a, b; print(a.total(), b.f())",
    )


def test_values_computed_from_it_become_getters_too() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\ninner = [box, 2]\n",
            "b.py": "from a import inner\n\nlast = inner[0]\n\n\ndef f():\n    return last.add(1)\n",
        },
        run="import b; print(b.f())",
    )
    assert len(outcome.plan.changes) == 3
    assert {len(change.requires) for change in outcome.plan.changes} == {0, 1}


def test_a_value_that_may_be_none_is_made_only_once() -> None:
    outcome = check(
        {
            "make.py": "calls = []\n\n\ndef make():\n    open('pyproject.toml').close()\n    print('made')\n",
            "a.py": "from make import make\n\nvalue = make()\n\n\ndef f():\n    return value, value\n",
        },
    )
    assert "is ...:" in outcome.files["a.py"]


def test_a_failed_initialisation_is_tried_again() -> None:
    outcome = check(
        {
            "a.py": """
                text = open("later.txt").read()


                def f():
                    return text
                """
        }
    )
    assert "later.txt" in outcome.files["a.py"]


INITIALISATIONS = {
    "try": "try:\n    box = Box(2)\nexcept ValueError:\n    box = None\n",
    "try with else": "try:\n    import json\n\n    box = Box(2)\nexcept ImportError:\n    box = None\nelse:\n    box.add(1)\n",
    "if": "import sys\n\nif sys.platform == 'none':\n    box = None\nelse:\n    box = Box(3)\n",
    "default then if": "import sys\n\nbox = None\nif sys:\n    box = Box(3)\n",
    "with": "with open('pyproject.toml') as file:\n    box = Box(file.read())\n",
    "configured": "box = Box()\nbox.value = 7\nbox.add(3)\n",
    "annotated": "box: Box = Box(5)\n",
    "annotated before": "box: Box\nbox = Box(5)\n",
    "optional annotation": "from typing import Optional\n\nbox: Optional[Box] = Box(5)\n",
    "final": "from typing import Final\n\nbox: Final = Box(5)\n",
    "final with type": "from typing import Final\n\nbox: Final[Box] = Box(5)\n",
    "several lines": "box = Box(\n    # the number\n    6,\n)\n",
    "semicolons": "import sys; box = Box(6); other = 3\n",
    "multi-line string": 'box = Box(\n    """one\n  two\n"""\n)\n',
    "continuation": "box = \\\n    Box(2)\n",
    "parenthesised": "box = (\n    Box(2)\n)\n",
    "conditional expression": "box = Box(1) if open('pyproject.toml') else Box(2)\n",
    "boolean": "box = Box(1) or None\n",
    "lambda that uses it": "box = Box(lambda: box)\n",
    "helper variable": "size = 4\nbox = Box(size)\n",
}


@pytest.mark.parametrize("initialisation", INITIALISATIONS.values(), ids=list(INITIALISATIONS))
def test_initialisation_moves_as_a_whole(initialisation: str) -> None:
    source = f"from box import Box\n\n{initialisation}\n\ndef f():\n    return type(box).__name__, box and box.used\n"
    outcome = check({"box.py": BOX, "a.py": source}, run="import a; print(a.f())")
    assert len(outcome.plan.changes) == 1, outcome.plan.refusals


def test_tuple_targets_are_made_together() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nleft, right = Box(1), Box(2)\n\n\ndef f():\n    return left.value, right.value\n",
        },
        run="import a; print(a.f())",
    )
    assert "get_left()" in outcome.files["a.py"]


def test_chained_targets_stay_one_object() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nleft = right = Box(1)\n\n\ndef f():\n    return left is right\n",
        },
        run="import a; print(a.f())",
    )


def test_a_file_that_is_only_read_through_is_local_to_the_getter() -> None:
    check(
        {"a.py": "with open('pyproject.toml') as f:\n    text = f.read()\n\n\ndef g():\n    return text\n"},
        run="import a; print(repr(a.g()))",
    )


def test_global_writes_go_to_the_storage() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": """
                from box import Box

                box = Box()


                def reset(value):
                    global box
                    box = value


                def f():
                    return box
                """,
        },
        run="import a; print(a.f().value); a.reset(None); print(a.f()); a.reset(3); print(a.f())",
    )
    assert "global _box" in outcome.files["a.py"]


def test_writes_through_the_module_go_to_the_storage() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "b.py": "import a\n\n\ndef put():\n    a.box = 5\n\n\ndef get():\n    return a.box, a.f()\n",
        },
        run="import b; b.put(); print(b.get())",
    )


def test_all_names_the_getter() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\n__all__ = ['box', 'f']\n\nbox = Box()\n\n\ndef f():\n    return box.used\n",
            "b.py": "from a import *\n\n\ndef g():\n    return box.add(1) + f()\n",
        },
        run="import b; print(b.g())",
    )
    assert "'get_box'" in outcome.files["a.py"]


def test_re_exports_follow_through_packages() -> None:
    outcome = check(
        {
            "p/__init__.py": "from .deep import box\nfrom .deep.inner import Box\n",
            "p/deep/__init__.py": "from .inner import box as box\n",
            "p/deep/inner.py": f"{BOX}\n\nbox = Box()\n",
            "b.py": "import p\nfrom p import box as one\nfrom p.deep import box\n\n\ndef f():\n    return p.box is one is box, p.deep.inner.box.used\n",
        },
        run="import b; print(b.f())",
    )
    assert outcome.files["p/deep/__init__.py"] == "from .inner import get_box as get_box\n"


def test_namespace_packages_and_src_layouts_are_followed() -> None:
    check(
        {
            "src/n/sub/box.py": f"{BOX}\n\nbox = Box()\n",
            "src/n/use.py": "import n.sub.box\nfrom n.sub import box as module\n\n\ndef f():\n    return n.sub.box.box is module.box\n",
        },
        run="import sys; sys.path.insert(0, 'src'); import n.use; print(n.use.f())",
    )


def test_names_that_are_taken_get_others() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": """
                from box import Box

                box = Box()
                _box = 3


                def get_box(kind):
                    return kind, _box


                def f(get_shared_box=1):
                    return box.used, get_box(2), get_shared_box
                """,
        },
        run="import a; print(a.f())",
    )
    assert "def get_box_2() -> Box:" in outcome.files["a.py"]


def test_two_names_that_give_one_stem_get_two_getters() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box(1)\nBOX = Box(2)\n\n\ndef f():\n    return box.value, BOX.value\n",
        },
        run="import a; print(a.f())",
    )


def test_private_names_stay_private() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\n_box = Box(1)\n\n\ndef f():\n    return _box.value\n",
        },
        run="import a; print(a.f())",
    )
    assert "def _get_box()" in outcome.files["a.py"]


PINNED = {
    "decorator": ("@box.wrap\ndef f(): ...\n", "the decorator"),
    "base class": ("class C(box.kind): ...\n", "class C at"),
    "default": ("def f(x=box): ...\n", "the default value"),
    "class body": ("class C:\n    v = box.used\n", "class C at"),
    "call": ("print(box)\n", "the statement"),
    "loop": ("for n in box.text:\n    pass\n", "the statement"),
    "annotation": ("def f(x: box): ...\n", "an annotation names box"),
    "assertion": ("assert box\n", "the statement"),
    "comprehension that stays": ("print([box for _ in range(2)])\n", "the statement"),
    "called function": ("def g():\n    return box\n\n\ng()\n", "runs at import and reaches"),
    "constructor": (
        "class C:\n    def __init__(self):\n        self.box = box\n\n\nprint(C())\n",
        "runs at import and reaches",
    ),
    "case pattern": (
        "import a\n\n\ndef f(x):\n    match x:\n        case a.box:\n            return 1\n",
        "a case pattern",
    ),
    "debug f-string": ('def f():\n    return f"{box=}"\n', "shows the text"),
    "augmented": ("def f():\n    global box\n    box += 1\n", "rebinds box by augment"),
    "deleted": ("def f():\n    global box\n    del box\n", "delete"),
    "rebound by import": (
        "def f():\n    global box\n    import box\n\n    return box\n",
        "rebinds box by import",
    ),
    "globals": ('def f():\n    return globals()["box"]\n', "globals()"),
    "globals of any name": ("def f(n):\n    return globals()[n], box\n", "globals()"),
    "eval": ("def f(n):\n    return eval(n), box\n", "eval()"),
}


@pytest.mark.parametrize(("code", "because"), PINNED.values(), ids=list(PINNED))
def test_what_import_time_code_needs_stays(code: str, because: str) -> None:
    refused({"box.py": BOX, "a.py": f"from box import Box\n\nbox = Box()\n\n\n{code}"}, because=because)


def test_a_chain_is_as_pinned_as_its_end() -> None:
    outcome = refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\ninner = [box]\nlast = inner[0]\n\n\nclass C:\n    v = last\n",
        },
        because="needs last at import",
    )
    assert len(outcome.plan.refusals) == 1


def test_a_base_class_is_refused_with_the_class_as_the_reason() -> None:
    refused(
        {
            "models.py": """
                from sqlalchemy.orm import declarative_base

                Base = declarative_base()


                class CachedProduct(Base):
                    __tablename__ = "products"
                """
        },
        because="class CachedProduct at models.py:6 needs Base at import",
        flags={"singleton": ("Base",)},
    )


LATER = {
    "clock": "import time\n\nstarted = time.time()\n\n\ndef f():\n    return started\n",
    "home": "import os\n\none = os.path.expanduser('~')\n\n\ndef f():\n    return one\n",
    "optional variable": "import os\n\none = os.environ.get('HOME')\n\n\ndef f():\n    return one\n",
    "counter": "import itertools\n\nnumbers = itertools.count()\nfirst = next(numbers)\n\n\ndef f():\n    return first, numbers\n",
    "registry": "known = []\n\n\ndef register(n):\n    known.append(n)\n    return n\n\n\none = register(1)\n\n\ndef f():\n    return one, known\n",
    "input rebound": "size = 1\none = list(range(size))\nsize = 2\n\n\ndef f():\n    return one\n",
    "input changed in place": "sizes = [1]\none = list(sizes)\nsizes.append(2)\n\n\ndef f():\n    return one\n",
    "input rebound by a function": "size = 1\none = list(range(size))\n\n\ndef grow():\n    global size\n    size = 2\n\n\ndef f():\n    return one\n",
}


@pytest.mark.parametrize("source", LATER.values(), ids=list(LATER))
def test_what_would_be_another_later_stays_even_when_forced(source: str) -> None:
    outcome = check({"a.py": source}, flags={"singleton": ("first", "started", "one")})
    assert not outcome.plan.changes


@pytest.mark.parametrize("name", ["app", "application", "handler", "__version__"])
def test_names_that_platforms_look_up_stay(name: str) -> None:
    refused(
        {
            "box.py": f"{BOX}\n    def __call__(self, *given):\n        return given\n",
            "a.py": f"from box import Box\n\n{name} = Box()\n\n\ndef f():\n    return {name}\n",
        },
        because="by its name",
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Procfile", "web: gunicorn a:server\n"),
        (
            "setup.py",
            "import setuptools\n\nsetuptools.setup(entry_points={'shop.plugins': ['s = a:server']})\n",
        ),
    ],
)
def test_names_in_platform_files_stay(file: str, text: str) -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nserver = Box()\n\n\ndef f():\n    return server\n",
            file: text,
        },
        because=f"{file} names server",
    )


def test_a_harmless_construction_stays_without_evidence() -> None:
    untouched(
        {
            "a.py": "import re\n\nclass C: ...\n\n\npattern = re.compile('a')\nc = C()\n\n\ndef f():\n    return pattern, c\n"
        }
    )


def test_a_harmless_construction_moves_by_name() -> None:
    outcome = check(
        {"a.py": "class C: ...\n\n\nc = C()\n\n\ndef f():\n    return type(c).__name__\n"},
        flags={"singleton": ("C",)},
        run="import a; print(a.f())",
    )
    assert "get_c()" in outcome.files["a.py"]


@pytest.mark.parametrize(
    "declared", ["typing.TypeVar('T')", "threading.Lock()", "object()", "collections.namedtuple('N', 'a')"]
)
def test_declarations_stay_even_when_everything_is_forced(declared: str) -> None:
    module = declared.split(".", maxsplit=1)[0] if "." in declared else "sys"
    untouched(
        {"a.py": f"import {module}\n\nN = {declared}\n\n\ndef f():\n    return N\n"},
        flags={"singleton": ("*",)},
    )


def test_comments_can_ask_to_leave_a_line_or_a_file_alone() -> None:
    use = "\n\ndef f():\n    return box\n"
    untouched(
        {"box.py": BOX, "a.py": f"from box import Box\n\nbox = Box()  # lazify: ignore[LZ101]\n{use}"},
        flags={"ignore": ("LZ104",)},
    )
    untouched({"box.py": BOX, "a.py": f"# lazify: ignore-file\nfrom box import Box\n\nbox = Box()\n{use}"})


RUN_TESTS = """
import subprocess, sys

command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
result = subprocess.run(command, capture_output=True, text=True)
assert result.returncode == 0, result.stdout
"""

PATCHES = {
    "monkeypatch by path": (
        "def test(monkeypatch):\n    monkeypatch.setattr('b.box', 5)\n    assert b.f() == 5\n",
        "b.get_box",
    ),
    "monkeypatch by object": (
        "def test(monkeypatch):\n    monkeypatch.setattr(b, 'box', [5])\n    assert b.f() == [5]\n",
        "get_box",
    ),
    "patch by path": (
        "def test():\n    with patch('b.box', 5):\n        assert b.f() == 5\n    assert b.f() != 5\n",
        "b.get_box",
    ),
    "patch gives a mock": (
        "def test():\n    with patch('b.box') as box:\n        assert b.f() is box\n",
        "b.get_box",
    ),
    "patch object": (
        "def test():\n    with patch.object(b, 'box') as box:\n        box.add.return_value = 3\n        assert b.f().add(1) == 3\n",
        "get_box",
    ),
    "patch object with a value": (
        "def test():\n    with patch.object(b, 'box', None):\n        assert b.f() is None\n",
        "get_box",
    ),
    "decorator": ("@patch('b.box')\ndef test(box):\n    assert b.f() is box\n", "b.get_box"),
    "decorators": (
        "@patch('b.other')\n@patch('b.box')\ndef test(box, other):\n    assert b.f() is box and b.other is other\n",
        "b.get_box",
    ),
    "decorator with a value": ("@patch('b.box', 4)\ndef test():\n    assert b.f() == 4\n", "b.get_box"),
    "method in a class": (
        "class TestIt:\n    @patch('b.box')\n    def test(self, box):\n        '''Why.'''\n        assert b.f() is box\n",
        "b.get_box",
    ),
    "value made on the spot": (
        "def test():\n    with patch('b.box', object()):\n        assert b.f() is b.f()\n",
        "b.get_box",
    ),
    "only one namespace": (
        "def test():\n    with patch('a.box', 5):\n        assert b.f() != 5 and a.f() == 5\n",
        "a.get_box",
    ),
    "as name with a value": (
        "def test():\n    with patch('b.box', [1]) as v:\n        assert v == [1] and b.f() is v\n",
        "b.get_box",
    ),
    "through it": (
        "def test():\n    with patch('b.box.add', lambda n: 9):\n        assert b.f().add(1) == 9\n",
        "b.box.add",
    ),
    "method of it": (
        "def test():\n    with patch.object(b.box, 'add', lambda n: 9):\n        assert b.f().add(1) == 9\n",
        "get_box()",
    ),
}


@pytest.mark.parametrize(("test", "expected"), PATCHES.values(), ids=list(PATCHES))
def test_tests_that_patch_the_name_patch_the_getter(test: str, expected: str) -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "b.py": "from a import box\n\nother = 1\n\n\ndef f():\n    return box\n",
            "tests/test_b.py": f"from unittest.mock import patch\n\nimport a\nimport b\n\n\n{test}",
        },
        run=RUN_TESTS,
    )
    assert len(outcome.plan.changes) == 1, outcome.plan.refusals
    assert expected in outcome.files["tests/test_b.py"]


UNFOLLOWED_PATCHES = {
    "kept patcher": ("patcher = patch('b.box')\n", "kept and started elsewhere"),
    "autospec": ("def test():\n    with patch('b.box', autospec=True): ...\n", "passes autospec"),
    "delattr": ("def test(monkeypatch):\n    monkeypatch.delattr('b.box')\n", "deletes"),
    "multiple": ("def test():\n    with patch.multiple('b', box=3): ...\n", "patch.multiple"),
    "module replaced": (
        "import sys\n\n\ndef test(monkeypatch):\n    monkeypatch.setitem(sys.modules, 'p.b', 3)\n",
        "",
    ),
}


@pytest.mark.parametrize(("test", "because"), UNFOLLOWED_PATCHES.values(), ids=list(UNFOLLOWED_PATCHES))
def test_patches_that_cannot_follow_forbid_the_change(test: str, because: str) -> None:
    if not because:
        pytest.skip("replaced modules are covered in their own test")
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "b.py": "from a import box\n\n\ndef f():\n    return box\n",
            "tests/test_b.py": f"from unittest.mock import patch\n\nimport b\n\n\n{test}",
        },
        because=because,
    )


def test_a_name_that_a_string_mentions_keeps_working() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "p/__init__.py": "",
            "p/a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "load.py": "import importlib\n\n\ndef load(path):\n    module, _, name = path.rpartition('.')\n    return getattr(importlib.import_module(module), name)\n\n\nPATH = 'p.a.box'\n",
        },
        run="import load; print(load.load(load.PATH).used)",
    )
    assert "def __getattr__(name: str):" in outcome.files["p/a.py"]


def test_the_names_of_a_library_keep_working() -> None:
    outcome = check(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n',
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
        },
        run="from a import box, f; print(box is f())",
    )
    assert "def __getattr__" in outcome.files["a.py"]


def test_a_consumer_that_binds_the_name_otherwise_is_refused() -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "b.py": "try:\n    from a import box\nexcept ImportError:\n    box = None\n\n\ndef f():\n    return box\n",
        },
        because="also binds box to something else",
    )


def test_a_first_value_kept_by_an_importer_is_refused() -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef put(v):\n    global box\n    box = v\n",
            "b.py": "from a import box\n\n\ndef f():\n    return box\n",
        },
        because="keeps the first value",
    )


def test_work_that_starts_at_import_stays() -> None:
    refused(
        {
            "a.py": "import threading\n\nworker = threading.Thread(target=print)\nworker.start()\n\n\ndef f():\n    return worker\n"
        },
        because="starts work at import",
        flags={"singleton": ("worker",)},
    )


def test_a_value_that_nothing_uses_is_made_for_its_effect() -> None:
    refused({"box.py": BOX, "a.py": "from box import Box\n\nbox = Box()\n"}, because="nothing uses box")


def test_work_is_never_hidden_in_a_getter_that_nobody_calls() -> None:
    refused(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n',
            "a.py": "import sqlite3\n\nrows = sqlite3.connect('x.db')\nrows.execute('drop table users')\n",
        },
        because="nothing uses it but the statements that follow it",
    )


def test_a_name_that_is_kept_is_served_at_the_end_of_the_module() -> None:
    outcome = check(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n',
            "a.py": "import json\n\nrows = json.load(open('a.json'))\nlast = rows['last']\n\nif __name__ == '__main__':\n    print(rows)\n",
            "a.json": '{"last": 3}',
        },
        run="from a import rows, last; print(rows, last)",
    )
    text = outcome.files["a.py"]
    assert text.index("def get_last") < text.index("def __getattr__") < text.index("__main__")


def test_files_that_tools_execute_are_left_alone() -> None:
    untouched({"setup.py": "readme = open('README.md').read()\n\n\ndef f():\n    return readme\n"})


UNBOUND = {
    "no else": "import sys\n\nif sys:\n    box = Box()\n",
    "handler without it": "try:\n    box = Box()\nexcept OSError:\n    pass\n",
    "suppressed": "import contextlib\n\nwith contextlib.suppress(OSError):\n    box = Box()\n",
}


@pytest.mark.parametrize("source", UNBOUND.values(), ids=list(UNBOUND))
def test_what_may_stay_unbound_stays(source: str) -> None:
    refused(
        {"box.py": BOX, "a.py": f"from box import Box\n\n{source}\n\ndef f():\n    return box\n"},
        because="box may stay unbound",
    )


def test_statements_that_share_only_a_temporary_name_stay_apart() -> None:
    outcome = check(
        {
            "a.py": """
                with open("pyproject.toml") as f:
                    first = f.read()

                with open("a.py") as f:
                    second = f.read()[:4]


                def g():
                    return first, second
                """
        },
        run="import a; print(len(a.g()))",
    )
    assert len(outcome.plan.changes) == 2


def test_environment_variables_are_read_when_needed() -> None:
    outcome = check(
        {
            "a.py": "import os\n\nKEY = os.environ['KEY']\nPORT = int(os.environ['PORT'])\n\n\ndef f():\n    return KEY, PORT\n"
        }
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ103", "LZ103"]
    assert "-> int:" in outcome.files["a.py"]


def test_services_with_modules_of_the_same_name_stay_apart() -> None:
    outcome = check(
        {
            "services/one/app/box.py": f"{BOX}\n\nbox = Box()\n",
            "services/one/app/main.py": "from app.box import box\n\n\ndef f():\n    return box.used\n",
            "services/two/app/box.py": "box = [1]\n",
            "services/two/app/main.py": "from app.box import box\n\n\ndef f():\n    return box\n",
        },
    )
    assert outcome.files["services/two/app/main.py"].startswith("from app.box import box\n")
    assert "get_box" in outcome.files["services/one/app/main.py"]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("indent", ["\t", "  ", "    "])
def test_newlines_and_indentation_of_the_file_are_kept(newline: str, indent: str) -> None:
    source = f"from box import Box\n\nbox = Box()\n\n\ndef f():\n{indent}return box.used\n".replace(
        "\n", newline
    )
    outcome = check({"box.py": BOX, "a.py": source}, run="import a; print(a.f())")
    text = outcome.files["a.py"]
    assert text.count("\n") == text.count(newline)
    assert f"{indent}return get_box().used{newline}" in text
    assert f"{newline}{indent}if _box is None:" in text


def test_a_form_feed_and_a_missing_last_newline_stay() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\x0c\nbox = Box()\n\x0c\n\ndef f():\n    return box.used",
        },
        run="import a; print(a.f())",
    )
    assert outcome.files["a.py"].count("\x0c") == 2
    assert outcome.files["a.py"].endswith("get_box().used")


def test_a_value_whose_constructor_uses_another_waits_with_it() -> None:
    outcome = check(
        {
            "a.py": """
                import json

                with open("pyproject.toml") as file:
                    config = {"text": file.read()}


                class Service:
                    def __init__(self):
                        self.text = config["text"]


                service = Service()


                def f():
                    return service.text
                """
        },
        run="import a; print(repr(a.f()))",
    )
    assert len(outcome.plan.changes) == 2, outcome.plan.refusals


def test_what_is_only_computed_from_a_value_that_stays_stays_too() -> None:
    outcome = refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\nsize = box.value\n\n\nclass C:\n    v = box\n\n\ndef f():\n    return size\n",
        },
        because="needs box at import",
    )
    assert len(outcome.plan.refusals) == 1


CLOSERS = {
    "guarded": "import atexit\n\n\n@atexit.register\ndef close():\n    if box:\n        print('closes')\n        box.close()\n",
    "unguarded": "import atexit\n\n\ndef close():\n    box.close()  # last\n\n\natexit.register(close)\n",
    "tried": "import atexit\n\n\n@atexit.register\ndef close():\n    if box is not None and True:\n        try:\n            box.close()\n        except OSError:\n            pass\n",
}


@pytest.mark.parametrize("closer", CLOSERS.values(), ids=list(CLOSERS))
def test_shutting_down_does_not_make_a_value_in_order_to_close_it(closer: str) -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": f"from box import Box\n\nbox = Box()\n\n\n{closer}\n\ndef f():\n    return box.add(1)\n",
        },
        run="import a; print(a.f())",
    )
    text = outcome.files["a.py"]
    assert " _box.close()" in text.partition("def close")[2].partition("def f")[0]


NOT_CLOSING = {
    "said behind a yield": "from contextlib import contextmanager\n\n\n@contextmanager\ndef work():\n    yield\n    box.say('done')\n",
    "said in a lifespan": "from contextlib import asynccontextmanager\n\n\n@asynccontextmanager\nasync def work(app):\n    yield\n    box.say('done')\n",
    "closed by a manager": "from contextlib import contextmanager\n\n\n@contextmanager\ndef work():\n    yield\n    box.close()\n",
    "said at exit": "import atexit\n\n\n@atexit.register\ndef work():\n    box.say('done')\n",
    "others' work": "import atexit\n\n\n@atexit.register\ndef work():\n    if box:\n        open('log', 'a').close()\n        print('flushed', flush=True)\n        flush()\n        box.close()\n\n\ndef flush():\n    print('all')\n",
    "another branch": "import atexit\n\n\n@atexit.register\ndef work():\n    if box:\n        box.close()\n    else:\n        print('none')\n",
    "an argument": "import atexit\n\n\n@atexit.register\ndef work():\n    box.close(print('last'))\n",
}


@pytest.mark.parametrize("work", NOT_CLOSING.values(), ids=list(NOT_CLOSING))
def test_what_shutting_down_does_besides_closing_is_done_without_the_value_too(work: str) -> None:
    outcome = check(
        {
            "box.py": BOX.replace("def close(self)", "def close(self, _=None)")
            + "\n    def say(self, text):\n        print(text)\n",
            "a.py": f"from box import Box\n\nbox = Box()\n\n\n{work}\n\ndef f():\n    return box.used\n",
        },
        run="""
            import asyncio, a

            async def main():
                async with a.work(None):
                    pass

            if "async" in open(a.__file__).read():
                asyncio.run(main())
            elif "yield" in open(a.__file__).read():
                with a.work():
                    pass
            """,
    )
    assert len(outcome.plan.changes) == 1, outcome.plan.refusals


def test_a_lifespan_closes_only_what_was_made() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": """
                from contextlib import asynccontextmanager

                from box import Box

                box = Box()


                @asynccontextmanager
                async def lifespan(app):
                    box.add(1)
                    yield
                    box.close()


                def f():
                    return box.used
                """,
        },
        run="""
            import asyncio, a

            async def main():
                async with a.lifespan(None):
                    print(a.f())
                print(a.f())

            asyncio.run(main())
            """,
    )
    assert (
        "    get_box().add(1)\n    yield\n    if _box is not None:\n        _box.close()\n"
        in outcome.files["a.py"]
    )


COMPUTED_PATCHES = {
    "prefix": "def test(name='box'):\n    with patch(f'p.b.{name}', 3): ...\n",
    "variable": "PATH = 'p.b.box'\n\n\ndef test():\n    with patch(PATH, 3): ...\n",
}


@pytest.mark.parametrize("test", COMPUTED_PATCHES.values(), ids=list(COMPUTED_PATCHES))
def test_computed_patches_forbid_the_change(test: str) -> None:
    refused(
        {
            "box.py": BOX,
            "p/__init__.py": "",
            "p/b.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "tests/test_b.py": f"from unittest.mock import patch\n\n\n{test}",
        },
        because="computed paths",
    )


def test_an_import_that_makes_a_global_forbids_the_change() -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
            "b.py": "def load():\n    global box\n    from a import box\n\n\ndef g():\n    return box\n",
        },
        because="imports box as a global",
    )


def test_a_function_that_asks_for_none_takes_the_value_once() -> None:
    outcome = check(
        {
            "box.py": BOX_FOR_NONE,
            "b.py": """
                from box import box


                class Shelf:
                    def total(self, wanted):
                        if not wanted:
                            return -1
                        if box is None:
                            return 0
                        elif box.text:
                            return len(box.text)
                        return 1


                def one_line():
                    if box: return box.text
                    return ""


                def each():
                    found = []
                    for _ in range(2):
                        if box is not None:
                            found.append(box.text)
                    return found


                def shown():
                    return box.text if box else ""
                """,
        },
        run="import b; print(b.Shelf().total(1), b.one_line(), b.each(), b.shown())",
    )
    assert outcome.files["b.py"] == textwrap.dedent("""
        from box import get_box


        class Shelf:
            def total(self, wanted):
                if not wanted:
                    return -1
                box = get_box()
                if box is None:
                    return 0
                elif box.text:
                    return len(box.text)
                return 1


        def one_line():
            box = get_box()
            if box: return box.text
            return ""


        def each():
            found = []
            box = get_box()
            for _ in range(2):
                if box is not None:
                    found.append(box.text)
            return found


        def shown():
            box = get_box()
            return box.text if box else ""
        """).lstrip("\n")


BOX_FOR_NONE = """
from typing import Optional


class Box:
    def __init__(self):
        self.text = open("pyproject.toml").read()


box: Optional[Box] = Box()
"""


ANNOTATED = """\
from typing import Annotated

from box import Box


class Kept(Box[int, str]): ...


kept: {annotation} = Kept()


def total():
    return kept.add(1)
"""
GENERIC = """\
class Box:
    def __class_getitem__(cls, item):
        return cls

    def add(self, number):
        return number + 1


print("loaded", end="")
open(__file__).close()
"""


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ('Box[\n    "Kept",\n    str,\n]', "\"Box['Kept', str] | None\" = None"),
        ('Box["Kept", str]', "\"Box['Kept', str] | None\" = None"),
        ('Annotated[\n    Box[int, str],\n    """What\n    it is.""",\n]', '"Kept | None" = None'),
    ],
)
def test_an_annotation_on_several_lines_or_with_quotes_can_be_quoted(annotation: str, expected: str) -> None:
    """As in fastapi 0.165.0, concurrency.py and openapi/docs.py."""
    files = {"box.py": GENERIC, "a.py": ANNOTATED.format(annotation=annotation)}
    outcome = check(files, run="import a; print(a.total())", flags={"singleton": ("kept",)})
    assert f"_kept: {expected}\n" in outcome.files["a.py"]
