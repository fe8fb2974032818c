"""Modules imported by computed names answer for what those who import them may ask for, and for nothing else."""

import textwrap

import pytest

from lazify.testing import check

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
        "module: object = import_module(f'plugins.{name}')\nreturn [module.run() for _ in range(2)]\n",
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
        "global found\nfound = import_module(f'plugins.{name}')\nreturn found.run()\n",
        "module = import_module(f'plugins.{name}')\nreturn str(module)[:7]\n",
    ],
)
def test_who_takes_the_name_or_hands_the_module_on_gets_it(body: str) -> None:
    assert answers(loading(body))


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
