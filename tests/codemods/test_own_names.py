"""Code that looks names up: in the module that it stands in, which keeps a value, or elsewhere, which does not."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

VALUE = "import sys\nfrom box import Box\n\nbox = Box()\n\n\ndef own(): return box.used\n\n\n"
OTHER = {
    "exec in a dictionary": "def f():\n    names = {}\n    exec('r = 5', names)\n    return names['r']\n",
    "exec in the names of a new module": "import types\n\n\ndef f(text='r = 5'):\n    made = types.ModuleType('made')\n"
    "    exec(text, made.__dict__)\n    return made.r\n",
    "eval with both dictionaries": "def f(text='r'):\n    return eval(text, {}, {'r': 3})\n",
    "another module": "import sample\n\n\ndef f(name='sample'):\n    return sys.modules[name].size\n",
    "another module, replaced": "def f(patch=None, name='none'):\n    if patch:\n"
    "        patch.setitem(sys.modules, name, None)\n        patch.dict(sys.modules, {})\n"
    "    return name in sys.modules\n",
    "the names of modules": "def f():\n    return 'a' in list(sys.modules.keys())\n",
    "a module that is forgotten": "import sample\n\n\ndef f(name='sample'):\n    sys.modules.pop(name, None)\n    return name\n",
    "another module, perhaps": "def f(name='none'):\n    return sys.modules.get('none'), name in sys.modules\n",
    "another module beside a logger": "import logging\nlog = logging.getLogger(__name__)\n\n\ndef f(name='sys'):\n"
    "    return sys.modules[name].byteorder\n",
    "another module, and names of others": "def f(name='sys', other=int):\n    # not under __name__ == '__main__'\n"
    "    return sys.modules[name].byteorder, other.__name__\n",
    "a name that begins otherwise": "_old_size = 1\n\n\ndef f(name='size'):\n"
    "    return globals()[f'_old_{name}'], vars()['na' + 'me'], globals().get('_old_' + name)\n",
    "names that an import asks for": "def f(name='sample'):\n    return __import__(name, globals(), locals(), ['size']).size\n",
    "one name of a caller": "def f():\n    names = {}\n    names = sys._getframe(1).f_globals\n"
    "    return names['__name__'], names.get('none')\n",
    "a text that is compiled": "def f():\n    exec(compile('import sys', '', 'exec'))\n"
    "    return eval(compile('1 + 1', '', 'eval'))\n",
    "variables of a caller": "def g():\n    return sorted(sys._getframe(1).f_locals)\n\n\ndef f(one=1):\n    return g()\n",
}
OWN = {
    "itself by the name of a function's globals": "def f():\n    return vars(sys.modules[own.__globals__['__name__']])['box']\n",
    "itself by its file": "import os\n\n\ndef f():\n    return vars(sys.modules[os.path.basename(__file__)[:-3]])['box']\n",
    "itself by inspection": "import inspect\n\n\ndef f():\n    return vars(sys.modules[inspect.getmodule(own).__name__])['box']\n",
    "itself by a name that is put together": "def f():\n    return vars(sys.modules[getattr(own, '__mod' + 'ule__')])['box']\n",
    "itself by a constant": "ME = 'a'\n\n\ndef f():\n    return vars(sys.modules[ME])['box']\n",
    "itself by the name that a caller gives": "def f(module='a', name='box'):\n    return vars(sys.modules[module])[name]\n",
    "itself, taken out": "def f(module='a'):\n    return sys.modules.pop(module).__dict__\n",
    "itself, handed on": "def f(module='a'):\n    return sys.modules.get(module)\n",
    "exec": "def f(text='box'):\n    exec(text)\n",
    "a text that is compiled with the name": "def f(): return eval(compile('box', '', 'eval'))\n",
    "a text that looks names up": "def f(): exec(\"globals()['bo' + 'x'].used\")\n",
    "a text with another text": "def f(): return eval(compile(\"eval('bo' + 'x')\", '', 'eval'))\n",
    "a text that a function gives": "def compile(*given): return 'bo' + 'x'\n\n\n"
    "def f(): return eval(compile('1', '', 'eval'))\n",
    "exec in no dictionary": "def f(text='box'):\n    exec(text, None, {})\n",
    "exec in its own dictionary": "def f(text='box'):\n    exec(text, globals())\n",
    "exec with unknown arguments": "def f(*given):\n    exec(*given)\n",
    "exec in the dictionary of a function": "def f(function, text='box'):\n    exec(text, function.__globals__)\n",
    "exec with its own names among others": "def f(text='box'):\n    exec(text, {**globals()})\n",
    "itself by name": "def f():\n    return sys.modules[__name__].__dict__['box']\n",
    "itself by the name of a class": "class C: ...\n\n\ndef f():\n    return vars(sys.modules[C.__module__])['box']\n",
    "every module": "def f():\n    return [vars(m).get('box') for m in sys.modules.values()]\n",
    "every module by its name": "def f():\n    return [name for name in sys.modules]\n",
    "the table, handed on": "def g(found, name): return vars(found['a'])\n\n\ndef f():\n    return g(sys.modules, 'a')\n",
    "the table itself": "def f(found=sys.modules):\n    return found\n",
    "variables of a caller at import": "def g():\n    return sorted(sys._getframe(1).f_locals)\n\n\nnames = g()\n\n\n"
    "def f(): return names\n",
    "variables of a caller in a script": "def f():\n    return sys._getframe(1).f_locals\n\n\n"
    "if __name__ == '__main__':\n    print(f())\n",
    "the name of a caller": "def f():\n    names = sys._getframe(1).f_globals\n    return names['box']\n",
    "names of a caller, handed on": "def f():\n    names = sys._getframe(1).f_globals\n    return names['a'], dict(names)\n",
    "names of a caller, one unknown": "def f(key='box'):\n    names = sys._getframe(1).f_globals\n    return names[key]\n",
    "names of a caller, written": "def f():\n    names = sys._getframe(1).f_globals\n    names['box'] = 3\n",
    "itself by how its name begins": "def f(name='x'):\n    return globals()[f'bo{name}']\n",
    "itself, perhaps": "def f(name='x', n=0):\n    return globals()['old' * n + name]\n",
    "what a getter brings along": "def f(name='box'):\n    return globals().get('_' + name)\n",
    "a lock that a getter brings along": "def f(name='lock'):\n    return globals().get(f'_box_{name}')\n",
    "a getter": "def f(name='box'):\n    return globals().get('get_%s' % name)\n",
    "its own names for later": "def f(name='sample'):\n    return __import__(name, **{'globals': globals()})\n",
    "names of a caller": "def f():\n    return sys._getframe(1).f_globals\n",
}


@pytest.mark.parametrize("program", OTHER.values(), ids=OTHER.keys())
def test_a_look_up_elsewhere_leaves_the_value_free(program: str) -> None:
    check(
        {"box.py": BOX, "sample.py": "size = 4\n", "a.py": VALUE + program},
        run="import a; print(a.f(), a.own())",
        flags={"select": ("LZ101",)},
    )


@pytest.mark.parametrize("program", OWN.values(), ids=OWN.keys())
def test_a_look_up_in_the_module_itself_keeps_the_value(program: str) -> None:
    refused({"box.py": BOX, "a.py": VALUE + program}, because="may look box up by its name")


def test_a_function_that_another_module_calls_while_this_one_is_imported_meets_its_frame() -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "import sys\nfrom box import Box\n\n\ndef f():\n    return sys._getframe(3).f_locals\n\n\nbox = Box()\nimport b\n\n\n"
            "def own(): return box.used\n",
            "b.py": "import a\n\nseen = a.f()\n",
        },
        because="may look box up by its name",
    )


@pytest.mark.parametrize(
    ("call", "moves"),
    [
        ("exec(text, {})", True),
        ("exec(compile('sys', '', 'exec'))", True),
        ("exec(text)", False),
        ("exec(\"globals()['fract' + 'ions']\")", False),
        ("sys.modules[__name__]", False),
    ],
)
def test_a_heavy_import_stays_only_for_look_ups_in_its_module(call: str, *, moves: bool) -> None:
    program = f"import sys\nimport fractions\n\n\ndef f(): return fractions.Fraction(1)\n\n\ndef g(text=''): {call}\n"
    if moves:
        check({"a.py": program}, run="import a; print(a.f(), a.g())", flags={"heavy": ("fractions",)})
    else:
        refused(
            {"a.py": program}, because="may look fractions up by its name", flags={"heavy": ("fractions",)}
        )


@pytest.mark.parametrize("test", ["n.endswith('View')", "n.startswith('Home')"])
def test_a_list_of_other_names_leaves_the_value_free(test: str) -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\nclass HomeView: ...\n\n\ndef own(): return box.used\n",
            "b.py": f"import a\n\n\ndef f(): return [n for n in dir(a) if {test}]\n",
        },
        run="import b; print(b.f(), b.a.own())",
    )


@pytest.mark.parametrize(
    "test",
    ["n.endswith('x')", "not n.startswith('_')", "n.startswith('b')", "n.startswith('get_')", "n.startswith('t')",
     "n.endswith('lock')", "n.startswith(('a', 'b'))", "a.startswith('z')", "n"],
)  # fmt: skip
def test_a_list_that_may_hold_the_name_or_the_getter_keeps_the_value(test: str) -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": f"import a\n\n\ndef f(): return [n for n in dir(a) if {test}]\n",
        },
        because="dir may reach box by its name",
    )


ASKED = {
    "a loop": "def f():\n    for n in ('own', 'HomeView'): assert n in dir(a)\n",
    "an expression": "def f(): assert all(n in dir(a) for n in ['own', 'HomeView'])\n",
    "two loops": "def f():\n    for n in ('own',): assert n in dir(a)\n    return [n for n in ('own',) if n not in dir(a)]\n",
}
NAMED = {
    "the name": "def f():\n    for n in ('own', 'box'): assert n in dir(a)\n",
    "a name of its getter": "def f():\n    for n in ('own', 'get_box'): assert n not in dir(a)\n",
    "what its getter imports": "def f(): assert not any(n in dir(a) for n in ['own', 'threading'])\n",
    "a name that is given": "def f(n='box'):\n    assert n in dir(a)\n    for n in ('own',): assert n in dir(a)\n",
    "another value": "def f():\n    n = 'bo' + 'x'\n    assert n in dir(a)\n    for n in ('own',): assert n in dir(a)\n",
    "another loop": "def f(names):\n    for n in names: assert n in dir(a)\n    for n in ('own',): assert n in dir(a)\n",
    "a name that is computed": "def f(k='bo'):\n    for n in ('own', k + 'x'): assert n in dir(a)\n",
    "what is sought in a name": "def f():\n    for n in ('own',): assert dir(a) in n\n",
    "what a global is": "def g():\n    global n\n    n = 'bo' + 'x'\n\n\ndef f():\n    for n in ('own',): assert n in dir(a)\n",
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
def test_names_that_a_list_is_asked_for_are_told_from_loops_over_constants(asked: str) -> None:
    outcome = check(
        {"box.py": BOX, "a.py": VALUE_OF_A, "b.py": f"import a\n\n\n{asked}"},
        run="import b; print(b.f(), b.a.own())",
    )
    assert "def get_box" in outcome.files["a.py"]


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED.keys())
def test_a_list_that_may_be_asked_for_the_name_keeps_the_value(named: str) -> None:
    refused(
        {"box.py": BOX, "a.py": VALUE_OF_A, "b.py": f"import a\n\n\n{named}"},
        because="dir may reach box by its name",
    )


VALUE_OF_A = "from box import Box\n\nbox = Box()\n\n\nclass HomeView: ...\n\n\ndef own(): return box.used\n"
