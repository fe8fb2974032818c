"""What the state of Python's own modules was at import is not asked for later where the project changes it."""

import pytest

from lazify.knowledge.changes import states
from lazify.testing import check, refused

READS = {
    "time.tzset": ("time", "tuple([time.timezone, time.tzname])", "time.tzset()"),
    "a naive time": ("datetime, time", "datetime.datetime(2000, 1, 1).timestamp()", "time.tzset()"),
    "a name of its own": ("time", "zone()", "time.tzset()"),
    "locale.setlocale": (
        "calendar, locale",
        "list(calendar.day_name)",
        "locale.setlocale(locale.LC_ALL, 'C')",
    ),
    "a number as people write it": ("locale", "locale.atof('1.5')", "locale.setlocale(locale.LC_ALL, 'C')"),
    "arguments": (
        "argparse, sys",
        "argparse.ArgumentParser().parse_known_args()",
        "sys.argv.append('x')",
    ),
    "temporary files": ("tempfile", "tempfile.gettempdir()", "setattr(tempfile, 'tempdir', '/')"),
    "addresses": (
        "urllib.request",
        "urllib.request.urlopen('file:///dev/null').read()",
        "urllib.request.install_opener(None)",
    ),
    "mimetypes.add_type": (
        "mimetypes",
        "dict(mimetypes.types_map)",
        "mimetypes.add_type('a/b', '.foo')",
    ),
    "a text in the language that is installed": (
        "gettext",
        "[_('Title')]",
        "type('T', (gettext.NullTranslations,), {'gettext': lambda s, m: m[::-1]})().install()",
    ),
    "a warning": ("warnings", "warned()", "warnings.simplefilter('error')"),
    "warnings": ("warnings", "len(warnings.filters)", "warnings.simplefilter('error')"),
    "logging": ("logging", "logging.getLogger('x').getEffectiveLevel()", "logging.getLogger().setLevel(5)"),
    "loggers": (
        "logging, logging.config",
        "logging.getLogger('x')",
        "logging.config.dictConfig({'version': 1})",
    ),
    "decimal": (
        "decimal",
        "str(decimal.Decimal(1) / decimal.Decimal(3))",
        "setattr(decimal.getcontext(), 'prec', 5)",
    ),
    "where modules are found": (
        "sys\nfrom importlib.util import find_spec",
        "tuple([find_spec('plugged') is not None])",
        "sys.path.insert(0, 'plugins')",
    ),
    "the garbage collector": ("gc", "[gc.isenabled()]", "gc.disable()"),
    "numbers in texts": ("sys", "tuple([sys.get_int_max_str_digits()])", "sys.set_int_max_str_digits(5000)"),
    "threads": (
        "threading, time",
        "[threading.active_count()]",
        "threading.Thread(target=time.sleep, args=(0.3,)).start()",
    ),
    "processes": (
        "multiprocessing",
        "[multiprocessing.get_start_method(allow_none=True)]",
        "multiprocessing.set_start_method('spawn')",
    ),
    "faults": ("faulthandler", "[faulthandler.is_enabled()]", "faulthandler.enable()"),
    "limits": (
        "resource",
        "[resource.getrlimit(resource.RLIMIT_NOFILE)[0]]",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))",
    ),
    "os.environ": ("os", "dict(os.environ)", "os.environ.update(A='b')"),
    "os.chdir": ("os", "os.path.abspath('x')[:2]", "os.chdir('/')"),
}


@pytest.mark.parametrize(("modules", "value", "change"), READS.values(), ids=list(READS))
@pytest.mark.parametrize("changes", [True, False], ids=["changed", "left alone"])
def test_state_that_a_function_changes_is_read_at_import(
    modules: str, value: str, change: str, *, changes: bool
) -> None:
    outcome = check(
        {
            "a.py": f"import {modules}\n\n\ndef zone():\n    return time.timezone\n\n\n"
            "def warned():\n    warnings.warn('old', stacklevel=1)\n    return 1\n\n\n"
            f"VALUE = {value}\n\n\ndef show():\n    return VALUE\n",
            "b.py": f"import {modules}\n\n\ndef change():\n    {change if changes else 'pass'}\n",
            "plugins/plugged.py": "",
        },
        flags={"singleton": ("*",), "risky": True},
        run="""
            import gettext, os

            gettext.install("x")
            os.environ["TZ"] = "Asia/Tokyo"
            import a, b

            b.change()
            print(a.show())
            """,
    )
    assert bool(outcome.plan.changes) is not changes
    if changes:
        assert any(
            "the program " in each.reason or "changed by" in each.reason for each in outcome.plan.refusals
        )


def test_a_stream_that_tests_replace_is_not_taken_in_one_of_them() -> None:
    files = {
        "a.py": "import logging\n\nconsole = logging.StreamHandler()\n\n\ndef f():\n    return console\n",
        "tests/test_a.py": "import a\n\n\ndef test_f(capsys):\n    assert a.f().stream\n",
    }
    outcome = check(files, flags={"singleton": ("*",), "risky": True})
    assert not outcome.plan.changes
    assert "standard streams" in outcome.plan.refusals[0].reason


@pytest.mark.parametrize(
    ("value", "is_later"),
    [
        ("['colorsys' in sys.modules]", True),
        ("[sys.modules.get('colorsys') is None]", True),
        ("[sys.modules[__name__].__name__]", False),
        ("[sys.modules[Own.__module__].__name__]", False),
    ],
)
def test_which_modules_are_loaded_is_asked_at_import(value: str, *, is_later: bool) -> None:
    a = f"import sys\n\n\nclass Own: ...\n\n\nVALUE = tuple({value})\n\n\ndef show():\n    return VALUE\n"
    outcome = check(
        {"a.py": a, "b.py": "def change():\n    import colorsys\n"},
        flags={"singleton": ("*",), "risky": True},
        run="import a, b; b.change(); print(a.show())",
    )
    reasons = [each.reason for each in outcome.plan.refusals]
    assert is_later == any("which modules are loaded" in each for each in reasons)


LIBRARIES = {
    "structlog": ("structlog.get_logger().bind(a=len(open('a.py').read()))", "structlog.configure()"),
    "structlog, in two steps": ("logger.bind(a=len(open('a.py').read()))", "structlog.configure()"),
    "pandas": ("pandas.read_csv('a.csv').to_string()", "pandas.set_option('display.precision', 2)"),
    "torch": ("torch.load('a.pt')", "torch.set_default_dtype(torch.float64)"),
}


@pytest.mark.parametrize(("value", "change"), LIBRARIES.values(), ids=list(LIBRARIES))
def test_state_of_a_library_is_read_at_import(value: str, change: str) -> None:
    a = f"import pandas\nimport structlog\nimport torch\n\nlogger = structlog.get_logger()\nVALUE = {value}\n\n\ndef show():\n    return VALUE\n"
    for does, is_changed in ((change, True), ("pass", False)):
        b = f"import pandas\nimport structlog\nimport torch\n\n\ndef main():\n    {does}\n"
        outcome = check({"a.py": a, "b.py": b}, flags={"select": ("LZ1",)})
        assert bool(outcome.plan.changes) is not is_changed
        assert not is_changed or ", which the program changes" in outcome.plan.refusals[0].reason


@pytest.mark.parametrize(
    "change",
    [
        "with override_settings({}='x'):\n        return a.show()",
        "override_settings({}='x').enable()",
    ],
)
def test_a_setting_that_a_test_overrides_is_read_at_import(change: str) -> None:
    a = "from django.conf import settings\n\nVALUE = open(settings.STAMP).read()\n\n\ndef show():\n    return VALUE\n"
    test = f"import a\nfrom django.conf import settings\nfrom django.test import override_settings\n\n\ndef test():\n    {change}\n"
    refused(
        {"a.py": a, "test_a.py": test.format("STAMP")},
        because="settings of Django, which the program changes",
    )
    assert check({"a.py": a, "test_a.py": test.format("DEBUG")}).plan.changes


@pytest.mark.parametrize(
    "change",
    [
        "logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False})",
        "logging.config.fileConfig('x.ini', disable_existing_loggers=False)",
    ],
)
@pytest.mark.parametrize("keeps", [True, False])
def test_loggers_that_configuring_leaves_alone_may_be_made_later(change: str, *, keeps: bool) -> None:
    """By default it disables those that are there: what is made on first use goes on to log."""
    a = "import logging\n\nlog = logging.getLogger('a')\n\n\ndef f():\n    log.error('x')\n"
    b = f"import logging.config\n\n\ndef main():\n    {change}\n".replace("False", str(not keeps))
    outcome = check({"a.py": a, "b.py": b}, flags={"singleton": ("*",), "risky": True})
    assert bool(outcome.plan.changes) is keeps


ON, OFF = "{'version': 1}", "{'version': 1, 'disable_existing_loggers': False}"
GIVEN = {
    "a name": "CONF = {}\nOTHER = %s\n\n\ndef main():\n    dictConfig(CONF)\n",
    "a name of another module": "import c\n\n\ndef main():\n    dictConfig(c.CONF)\n",
    "a function": "import c\n\n\ndef main():\n    dictConfig(c.conf())\n",
    "a variable": "def main():\n    conf = {}\n    dictConfig(conf)\n\n\ndef other():\n    dictConfig(%s)\n",
    "a parameter": "def setup(conf, *, more=1):\n    dictConfig(conf)\n\n\ndef main():\n    setup({})\n",
    "a keyword": "def setup(more, conf=None):\n    dictConfig(conf)\n\n\ndef main():\n    setup(%s, conf={})\n",
    "an attribute": "class App:\n    conf = {}\n\n    def setup(self):\n        dictConfig(self.conf)\n\n\ndef main():\n    App().setup()\n",
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=list(GIVEN))
@pytest.mark.parametrize("keeps", [True, False])
def test_another_call_that_leaves_loggers_alone_says_nothing_of_this_one(given: str, *, keeps: bool) -> None:
    conf = OFF if keeps else ON
    outcome = check(
        {
            "a.py": "import logging\n\nlog = logging.getLogger('a')\n\n\ndef f():\n    return log.disabled\n",
            "b.py": "from logging.config import dictConfig\n\n"
            + given.replace("%s", OFF).replace("{}", conf),
            "c.py": f"CONF = {conf}\nOTHER = {OFF}\n\n\ndef conf():\n    return {conf}\n\n\ndef other():\n    return {OFF}\n",
        },
        flags={"singleton": ("*",), "risky": True},
        run="import a, b; b.main(); print(a.f())",
    )
    assert bool(outcome.plan.changes) is keeps


def test_what_changes_it_above_the_value_does_not_count() -> None:
    outcome = check(
        {
            "a.py": "import locale\nimport calendar\n\nlocale.setlocale(locale.LC_ALL, 'C')\n"
            "NAMES = list(calendar.day_name)\n\n\ndef f():\n    return NAMES\n"
        },
        flags={"singleton": ("*",), "risky": True},
        run="import a; print(a.f())",
    )
    assert outcome.plan.changes


def test_every_state_has_readers_and_a_source() -> None:
    for state in states():
        assert (state.by or state.is_always) and (state.read_by or state.calls_of)
        assert state.source.startswith("https://")
