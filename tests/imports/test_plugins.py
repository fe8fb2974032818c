"""Modules imported by computed names answer for what those who import them may ask for, and for nothing else."""

import textwrap

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
PLUGIN = "import fractions\n\n\ndef run():\n    return fractions.Fraction(1, 2)\n"


def answers(loader: str, *others: str, run: str = "import load; print(load.load('a'))") -> bool:
    """Tell whether the plugin can still be asked for fractions; it runs as before anyway."""
    files = {"plugins/__init__.py": "", "plugins/a.py": PLUGIN, "load.py": textwrap.dedent(loader)}
    files |= {f"other{number}.py": textwrap.dedent(text) for number, text in enumerate(others)}
    outcome = check(files, flags=HEAVY, run=run)
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]
    return "__getattr__" in outcome.files["plugins/a.py"]


def loading(body: str) -> str:
    return "from importlib import import_module\n\n\ndef load(name):\n" + textwrap.indent(
        textwrap.dedent(body), "    "
    )


@pytest.mark.parametrize(
    "body",
    [
        "import_module(f'plugins.{name}')\n",
        "return import_module(f'plugins.{name}').run()\n",
        "module = import_module('plugins.' + name)\nreturn module.run()\n",
        "module = import_module(f'plugins.{name}')\nif hasattr(module, 'run'):\n    return getattr(module, 'run')()\n",
        "module = import_module(f'plugins.{name}')\nif not module or module is None:\n    return\nreturn module.run()\n",
        "module: object = import_module(f'plugins.{name}')\nreturn [module.run() for _ in range(2)]\n",
        "return getattr(import_module(f'plugins.{name}'), 'r' + 'un')()\n",
        "found = getattr(import_module(f'plugins.{name}'), 'r' + 'un', None)\nif found is None:\n    return\nreturn found()\n",
        "module = import_module(f'plugins.{name}')\n"
        "return [callable(getattr(module, each)) for each in dir(module) if each == 'run']\n",
        "module = import_module(f'plugins.{name}')\nfor each in dir(name):\n    print(getattr(name, each) is None)\n"
        "for each in dir(module):\n    if each == 'run':\n        return getattr(module, each) is None\n",
    ],
)
def test_who_takes_other_names_gets_no_answer(body: str) -> None:
    assert not answers(loading(body))


@pytest.mark.parametrize(
    "body",
    [
        "return import_module(f'plugins.{name}').fractions.Fraction(1)\n",
        "module = import_module(f'plugins.{name}')\nreturn module.fractions.Fraction(1)\n",
        "module = import_module(f'plugins.{name}')\nreturn getattr(module, 'frac' + 'tions').Fraction(1)\n",
        "module = import_module(f'plugins.{name}')\nother = module\nreturn other.run()\n",
        "return [import_module(f'plugins.{name}')][0].run()\n",
        "return bool(getattr(import_module(f'plugins.{name}'), 'frac' + 'tions'))\n",
        "global found\nfound = import_module(f'plugins.{name}')\nreturn found.run()\n",
        "module = import_module(f'plugins.{name}')\nreturn str(module)[:7]\n",
        "found = getattr(import_module(f'plugins.{name}'), 'frac' + 'tions')\nreturn found.Fraction(1)\n",
        "module = import_module(f'plugins.{name}')\nreturn [callable(getattr(module, each)) for each in ('run', 'fractions')]\n",
        "module = import_module(f'plugins.{name}')\n"
        "names = ['fractions']\nreturn [getattr(module, each).Fraction(1) for each in names if each not in dir(names)]\n",
        "module = import_module(f'plugins.{name}')\nfor each in dir(module):\n    each = 'fractions'\n"
        "    return getattr(module, each).Fraction(1)\n",
    ],
)
def test_who_takes_the_name_or_hands_the_module_on_gets_it(body: str) -> None:
    assert answers(loading(body))


def test_who_calls_what_it_gets_may_ask_for_a_class_that_is_imported() -> None:
    files = {
        "plugins/__init__.py": "",
        "plugins/a.py": "from fractions import Fraction\n\n\ndef run():\n    return Fraction(1, 2)\n",
        "load.py": loading("return getattr(import_module(f'plugins.{name}'), 'Frac' + 'tion')(1)\n"),
    }
    outcome = check(files, flags=HEAVY, run="import load; print(load.load('a'))")
    assert "__getattr__" in outcome.files["plugins/a.py"]


@pytest.mark.parametrize(
    ("asks", "is_asked"), [("module.run()", False), ("module.fractions.Fraction(1)", True)]
)
def test_a_module_is_followed_into_the_function_of_the_file_that_it_is_given_to(
    asks: str, is_asked: bool
) -> None:
    """As in borgmatic 2.1.10."""
    loader = (
        f"from importlib import import_module\n\n\ndef _ask(count, module):\n    return count, {asks}\n\n\n"
        "def load(name):\n    return _ask(1, import_module(f'plugins.{name}'))\n"
    )
    assert answers(loader) is is_asked
    assert answers(loader.replace("_ask(1, ", "_ask(*[1], "))


def test_a_module_that_is_returned_may_be_asked_for_anything() -> None:
    assert answers(
        loading("return import_module(f'plugins.{name}')\n"), run="import load; print(load.load('a').run())"
    )


HOOK = """
    from importlib import import_module


    def __getattr__(name):
        return import_module(f"plugins.{name}")


    def load(name):
        return name
    """


def test_what_a_hook_gives_as_an_attribute_is_a_module_of_that_name() -> None:
    run = "import load; print(load.a.run())"
    assert not answers(HOOK, run=run)
    assert not answers(HOOK, "# e.g. fractions.Fraction\nTEXT = 'x.fractions'\n", run=run)
    assert answers(HOOK, "import load\n\n\ndef half(of):\n    return of.a.fractions.Fraction(1)\n", run=run)


PRIVATE = """
    from functools import lru_cache
    from importlib import import_module


    {decorator}
    def _load(name):
        module = import_module(f"plugins.{{name}}")
        return module


    def load(name):
        {use}
    """


def private(use: str, decorator: str = "@lru_cache(maxsize=None)") -> str:
    return PRIVATE.format(use=use, decorator=decorator)


def test_what_a_function_of_the_file_gives_is_followed_to_its_calls() -> None:
    assert not answers(private("found = _load(name)\n        return found.run()"))
    assert not answers(private("return _load(name).run()", decorator="@lru_cache()"))
    assert answers(private("return _load(name).fractions.Fraction(1)"))
    assert answers(private("return [_load][0](name).fractions.Fraction(1)"))
    assert answers(private("return globals()['_load'](name).fractions.Fraction(1)"))


def test_what_it_gives_to_other_files_is_not_known() -> None:
    other = "import load\n\n\ndef half():\n    return load._load('a').fractions.Fraction(1)\n"
    assert answers(private("return _load(name).run()"), other, run="import other0; print(other0.half())")


def test_functions_that_call_each_other_are_followed_once() -> None:
    again = "return _load(name) if name == 'a' else load(name)"
    assert answers(private(again), run="import load; print(load.load('a').fractions.Fraction(1))")


def test_what_a_part_of_a_package_is_asked_for_is_not_known() -> None:
    files = {
        "plugins/sub/__init__.py": "from plugins.sub import a\n",
        "plugins/sub/a.py": PLUGIN,
        "load.py": loading(
            "module = import_module(f'plugins.{name}')\nreturn module.a.fractions.Fraction(1)\n"
        ),
    }
    outcome = check(files, flags=HEAVY, run="import load; print(load.load('sub'))")
    assert "__getattr__" in outcome.files["plugins/sub/a.py"]


ANYWHERE = """
    import sys
    from importlib import import_module


    class Shown:
        fractions = "of another kind"


    def load(name):
        {use}
    """


@pytest.mark.parametrize(
    ("use", "is_asked"),
    [
        ("import_module(name)", False),
        ("return import_module(name).run()", False),
        ("import_module(name)\n        return sys.modules[name].run()", False),
        ("import_module(name)\n        return name in sys.modules and sys.modules.get(name).run()", False),
        ("return import_module(name).fractions.Fraction(1)", True),
        ("import_module(name)\n        return sys.modules[name].fractions.Fraction(1)", True),
        ("import_module(name)\n        return list(sys.modules.values())[-2].fractions.Fraction(1)", True),
    ],
)
def test_a_file_that_takes_any_module_and_has_the_name_of_something_else(use: str, is_asked: bool) -> None:
    loader = ANYWHERE.format(use=use) + "\n\n    def other():\n        return Shown.fractions\n"
    run = "import plugins.a, load; print(load.load('plugins.a'), load.other())"
    assert answers(loader, run=run) is is_asked


@pytest.mark.parametrize("prefix", ["plugins.", "plugins.han", "plug"])
def test_a_prefix_ends_anywhere_and_packages_need_no_init(prefix: str) -> None:
    name = "plugins.handler".removeprefix(prefix)
    loader = loading(f"module = import_module(f'{prefix}{{name}}')\nreturn module.fractions.Fraction(1)\n")
    files = {"plugins/handler.py": PLUGIN, "load.py": loader}
    outcome = check(files, flags=HEAVY, run=f"import load; print(load.load({name!r}))")
    assert "__getattr__" in outcome.files["plugins/handler.py"]


def test_a_dot_begins_the_names_of_the_package_around() -> None:
    loader = "from importlib import import_module\n\n\ndef load(name):\n    return import_module(f'.{name}', __package__).fractions\n"
    files = {"pkg/__init__.py": "", "pkg/a.py": PLUGIN, "pkg/load.py": loader, "b.py": PLUGIN}
    outcome = check(files, flags=HEAVY, run="from pkg import load; print(load.load('a'))")
    assert "__getattr__" in outcome.files["pkg/a.py"]
    assert "__getattr__" not in outcome.files["b.py"]


@pytest.mark.parametrize(
    "loader",
    [
        "def isinstance(module):\n    return module.fractions.Fraction(1)\n\n\n"
        "def load(name):\n    return isinstance(import_module(f'plugins.{name}'))\n",
        "def getattr(module, name):\n    return module.fractions.Fraction(1)\n\n\n"
        "def load(name):\n    return getattr(import_module(f'plugins.{name}'), 'run')\n",
        "class Same:\n    def __eq__(self, module):\n        return module.fractions.Fraction(1) == 1\n\n\n"
        "def load(name):\n    return Same() == import_module(f'plugins.{name}')\n",
        "def load(name):\n    module = import_module(f'plugins.{name}')\n    return locals()['module'].fractions, module.run()\n",
        "def cache(function):\n    return lambda name: function(name).fractions\n\n\n@cache\ndef _load(name):\n"
        "    return import_module(f'plugins.{name}')\n\n\ndef load(name):\n    return _load(name).Fraction(1)\n",
    ],
)
def test_what_only_looks_harmless_may_ask_for_anything(loader: str) -> None:
    assert answers(f"from importlib import import_module\n\n\n{loader}")


@pytest.mark.parametrize("name", ["name", "f'plugins.{name}'"])
@pytest.mark.parametrize(
    "use", ["vars(import_module({}))['fractions']", "import_module({}).__dict__['fractions']"]
)
def test_who_takes_the_name_from_the_dictionary_of_a_module_keeps_it_there(name: str, use: str) -> None:
    files = {
        "plugins/__init__.py": "",
        "plugins/a.py": PLUGIN,
        "load.py": loading(f"return {use.format(name)}\n"),
    }
    refused(files, because="may look into any module", flags=HEAVY)


GUARDED = """
    import pkgutil
    from importlib import import_module


    def load(name, path=("plugins",)):
        kinds = ["things", "plugins"]
        {bound}
            try:
                found = import_module({given})
            except ImportError:
                continue
            return found.run() + len(kinds)
"""


@pytest.mark.parametrize(
    ("bound", "given"),
    [
        ("target = f'plugins.{name}'\n    for _ in range(2):", "target"),
        ("target = 'plugins.' + name\n    for _ in range(2):", "target"),
        ("for each in pkgutil.iter_modules(path, 'plugins.'):", "each.name"),
    ],
)
def test_a_variable_with_a_known_beginning_leads_to_no_other_module(bound: str, given: str) -> None:
    loader = textwrap.dedent(GUARDED).format(bound=bound, given=given)
    files = {"load.py": loader, "plugins/__init__.py": "", "plugins/a.py": PLUGIN, "things/__init__.py": ""}
    outcome = check(files | {"things/a.py": PLUGIN}, flags=HEAVY, run="import load; print(load.load('a'))")
    assert [change.at.path.parent.name for change in outcome.plan.changes] == ["things"]
    assert any("expects that importing" in refusal.reason for refusal in outcome.plan.refusals)


@pytest.mark.parametrize("other", ["target = name", "if name == 'b': target = name", "target += name"])
def test_a_variable_that_is_bound_twice_may_begin_with_anything(other: str) -> None:
    bound = f"target = f'plugins.{{name}}'\n    {other}\n    for _ in range(2):"
    loader = textwrap.dedent(GUARDED).format(bound=bound, given="target")
    files = {"load.py": loader, "plugins/__init__.py": "", "plugins/a.py": PLUGIN, "things/__init__.py": ""}
    refused(files | {"things/a.py": PLUGIN}, because="expects that importing", flags=HEAVY)


def test_a_variable_that_others_bind_may_begin_with_anything() -> None:
    bound = "global target\n    target = f'plugins.{name}'\n    for _ in range(2):"
    loader = textwrap.dedent(GUARDED).format(bound=bound, given="target")
    files = {"load.py": loader, "plugins/__init__.py": "", "plugins/a.py": PLUGIN, "things/__init__.py": ""}
    refused(files | {"things/a.py": PLUGIN}, because="expects that importing", flags=HEAVY)
