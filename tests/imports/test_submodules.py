"""Who relies on the submodules that somebody else's import makes attributes of their package.

The programs run: modules of the standard library stand for heavy ones, by `--heavy`.
"""

import sys

import pytest

from lazify.testing import check, refused

MINIDOM = {"heavy": ("xml.dom.minidom",)}
FRACTIONS = {"heavy": ("fractions",)}
HEAD = "from xml.dom import minidom\n\n\ndef parse():\n    return minidom.parseString('<a/>').firstChild.tagName\n"


@pytest.mark.parametrize(
    ("head", "use", "because"),
    [
        ("import xml", "xml.dom.minidom.parseString('<a/>')", "m uses xml.dom and does not import it"),
        ("import xml", "xml.dom.minicompat.NodeList()", "m uses xml.dom and does not import it"),
        ("from xml import dom", "dom.minidom.Document()", "m uses xml.dom.minidom and does not import it"),
        ("from xml import dom", "dom.minicompat.NodeList()", "if it is a module, this import may load it"),
        ("import xml.dom as dom", "dom.minicompat.NodeList()", "m uses xml.dom.minicompat and does not"),
    ],
)
def test_a_function_may_use_what_the_import_of_another_loads(head: str, use: str, because: str) -> None:
    refused({"m.py": f"{head}\n{HEAD}\n\ndef other():\n    return {use}\n"}, because=because, flags=MINIDOM)


def test_another_module_may_use_it() -> None:
    other = "from xml import dom\n\n\ndef empty():\n    return len(dom.minicompat.NodeList())\n"
    because = "n uses xml.dom.minicompat and does not import it: if it is a module, this import may load it"
    refused({"m.py": HEAD, "n.py": other}, because=because, flags=MINIDOM)


@pytest.mark.parametrize(
    "use",
    [
        "def other():\n    return dom.minicompat.NodeList(), minidom.Document().nodeName\n",
        "def other():\n    made = minidom.Document()\n    return (lambda: dom.minicompat.NodeList())(), made.nodeName\n",
    ],
)
def test_who_gets_the_import_too_has_its_submodules(use: str) -> None:
    code = f"from xml import dom\n{HEAD}\n\n{use}"
    outcome = check({"m.py": code}, flags=MINIDOM, run="import m; print(m.other(), m.parse())")
    assert outcome.plan.changes


def test_who_imports_the_submodule_needs_no_other_import() -> None:
    other = "import xml.dom.minicompat\n\n\ndef empty():\n    return len(xml.dom.minicompat.NodeList())\n"
    outcome = check(
        {"m.py": HEAD, "n.py": other}, flags=MINIDOM, run="import m, n; print(n.empty(), m.parse())"
    )
    assert outcome.plan.changes


@pytest.mark.parametrize(
    "use", ["xml.__name__.upper()", "xml.__path__[0].strip('/')[:0]", "xml.__doc__.lower()"]
)
def test_what_every_module_has_is_no_submodule(use: str) -> None:
    other = f"import xml\n\n\ndef name():\n    return {use}\n"
    outcome = check(
        {"m.py": HEAD, "n.py": other}, flags=MINIDOM, run="import m, n; print(n.name(), m.parse())"
    )
    assert outcome.plan.changes


LOADER = "import fractions\nimport xml.dom.minidom\n\n\nclass Half(fractions.Fraction): ...\n\n\ndef solve():\n    return str(Half(1, 2))\n"
USER = "import xml\n\n\ndef empty():\n    return len(xml.dom.minidom.NodeList())\n"
MAIN = "from loader import solve\nfrom user import empty\n\n\ndef handler():\n    return solve()\n\n\ndef other():\n    return empty()\n"


def test_a_module_that_waits_loads_nothing_for_others() -> None:
    refused(
        {"loader.py": LOADER, "user.py": USER, "main.py": MAIN},
        because="the class at loader.py:5 needs fractions.Fraction at import",
        flags=FRACTIONS,
    )


def test_what_only_the_waiting_module_loads_waits_with_it() -> None:
    loader = LOADER.replace("import xml.dom.minidom\n", "import xml.dom.minidom\nfrom user import empty\n")
    main = "from loader import solve\n\n\ndef handler():\n    return solve()\n"
    files = {"loader.py": loader, "user.py": USER, "main.py": main}
    outcome = check(files, flags=FRACTIONS, run="import main; print(main.handler())")
    assert [change.code for change in outcome.plan.changes] == ["LZ203"]


def test_a_module_that_waits_may_import_what_others_import_too() -> None:
    user = USER.replace("import xml\n", "import xml.dom.minidom\n")
    files = {"loader.py": LOADER, "user.py": user, "main.py": MAIN}
    outcome = check(files, flags=FRACTIONS, run="import main; print(main.other(), main.handler())")
    assert [change.code for change in outcome.plan.changes] == ["LZ203"]


CLASSES = {
    "m.py": "from transformers import AutoConfig\n\n\ndef config(name):\n    return AutoConfig.from_pretrained(name)\n",
    "n.py": "import transformers\n\n\ndef other(name):\n    return transformers.AutoConfig.from_pretrained(name)\n",
}


def test_a_name_in_capitals_is_a_class() -> None:
    outcome = check(CLASSES)
    assert [change.at.path.name for change in outcome.plan.changes] == ["m.py", "n.py"]


def test_some_modules_are_named_like_classes() -> None:
    files = {
        "m.py": "from PIL import ImageDraw\n\n\ndef draw(image):\n    return ImageDraw.Draw(image)\n",
        "n.py": "import PIL\n\n\ndef other(image):\n    return PIL.ImageDraw.Draw(image)\n",
    }
    because = "n uses PIL.ImageDraw and does not import it: if it is a module, this import loads it (n.py:5)"
    outcome = check(files, flags={"heavy": ("PIL",)})
    assert [refusal.reason for refusal in outcome.plan.refusals] == [because]


PACKAGING = {
    "m.py": "from packaging import version\n\n\ndef one():\n    return version.VERSION_PATTERN[:0]\n",
    "n.py": "import packaging\n\n\ndef two():\n    return packaging.version.VERSION_PATTERN[:0]\n",
}


def test_what_the_interpreter_has_no_module_for_is_not_loaded_by_an_import() -> None:
    heavy = {"heavy": ("packaging", "click"), "select": ("LZ201",)}
    flags = {**heavy, "python": sys.executable}
    because = (
        "n uses packaging.version and does not import it: if it is a module, this import loads it (n.py:5)"
    )
    told = check(PACKAGING, flags=flags, run="import m, n; print(m.one(), n.two())")
    assert [refusal.reason for refusal in told.plan.refusals] == [because]
    attribute = {
        "m.py": "from click import echo\n\n\ndef one():\n    return echo.__name__\n",
        "n.py": "import click\n\n\ndef two():\n    return click.echo.__name__\n",
    }
    guessed = check(attribute, flags=heavy)
    assert [refusal.at.path.name for refusal in guessed.plan.refusals] == ["m.py"]
    assert not check(attribute, flags=flags, run="import m, n; print(m.one(), n.two())").plan.refusals


def test_what_a_framework_gives_is_an_object() -> None:
    files = {
        "m.py": "from flask import json\n\n\ndef dump(value):\n    return json.provider.dumps(value)\n",
        "n.py": "from flask import current_app\n\n\ndef manager():\n    return current_app.login_manager.name\n",
    }
    outcome = check(files, flags={"heavy": ("flask",)})
    assert not outcome.plan.refusals
