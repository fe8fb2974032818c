"""LZ203: what the body of a waiting module reads, and what it imports for others."""

import pytest

from lazify.testing import Outcome, check, refused

HEAVY = {"heavy": ("fractions",), "select": ("LZ203",)}
BODY = "import fractions\n{head}\n\n\nclass Half(fractions.Fraction): ...\n\n\ndef solve():\n    return str(Half(1, 2)), {value}\n"
MAIN = "from loader import solve\n\n\ndef handler():\n    return solve()\n"


def stays(head: str, value: str, because: str, **files: str) -> None:
    others = {f"{name}.py": text for name, text in files.items()}
    loader = BODY.format(head=head, value=value)
    refused({"loader.py": loader, "main.py": MAIN, **others}, because=because, flags=HEAVY)


def waits(head: str, value: str, **files: str) -> Outcome:
    others = {f"{name}.py": text for name, text in files.items()}
    loader = BODY.format(head=head, value=value)
    before = {"loader.py": loader, "main.py": MAIN, **others}
    outcome = check(before, flags=HEAVY, run="import main; print(main.handler())")
    assert [change.code for change in outcome.plan.changes] == ["LZ203"]
    return outcome


CONF = "SIZE = 1\n\n\ndef limit():\n    return SIZE\n"
PATCH = "from unittest.mock import patch\n\nimport main\n\n\ndef test_one():\n    with patch({!r}, return_value=2):\n        assert main.handler()\n"


def test_a_name_that_it_takes_from_a_module_may_be_replaced_there() -> None:
    because = "limit may be replaced where it is defined, which loader does not see today"
    stays("from conf import limit", "limit()", because, conf=CONF, test_a=PATCH.format("conf.limit"))
    waits("from conf import limit", "limit()", conf=CONF, test_a=PATCH.format("conf.other"))


def test_a_name_that_it_takes_from_another_package_may_be_replaced_there() -> None:
    because = "colorsys.rgb_to_hls is replaced, which loader does not see today"
    head, value = "from colorsys import rgb_to_hls", "rgb_to_hls(0, 0, 0)"
    stays(head, value, because, test_a=PATCH.format("colorsys.rgb_to_hls"))
    waits(head, value, test_a=PATCH.format("colorsys.rgb_to_hsv"))
    waits(head, value, test_a=PATCH.format("loader.rgb_to_hls"))
    waits("import colorsys", "colorsys.rgb_to_hls(0, 0, 0)", test_a=PATCH.format("colorsys.rgb_to_hls"))


def test_a_value_of_another_module_may_be_bound_again() -> None:
    changed = f"{CONF}\n\ndef grow():\n    global SIZE\n    SIZE += 1\n"
    stays("import conf\nMOST = conf.SIZE * 2", "MOST", "does something others see (conf.SIZE)", conf=changed)
    stays("from conf import SIZE", "SIZE", "SIZE gets another value while the program runs", conf=changed)
    waits("import conf", "conf.SIZE", conf=changed)
    waits("import conf\nMOST = conf.SIZE * 2", "MOST", conf=CONF)


def test_the_program_may_set_a_variable_that_it_reads() -> None:
    setting = "import os\n\n\ndef begin():\n    os.environ['MODE'] = 'x'\n"
    head = "import os\nMODE = os.environ.get('MODE')"
    stays(head, "MODE", "the program sets MODE itself", begin=setting)
    waits(head, "MODE", begin=setting.replace("MODE", "OTHER"))
    default = "import os\n\n\ndef mode(given=os.environ.get('MODE')):\n    return given\n"
    stays(default, "mode()", "the program sets MODE itself", begin=setting)
    waits(default, "mode()", begin=setting.replace("MODE", "OTHER"))


def test_code_that_is_handed_the_environment_may_set_a_variable_that_it_reads() -> None:
    setting = (
        "import os\n\n\ndef fill(held):\n    held['MODE'] = 'x'\n\n\ndef begin():\n    fill(os.environ)\n"
    )
    head = "import os\nMODE = os.environ.get('MODE')"
    stays(head, "MODE", "the program sets variables itself", begin=setting)
    waits(head, "MODE", begin=setting.replace("held['MODE'] = 'x'", "return held.get('MODE')"))


def test_a_test_may_set_a_variable_that_it_reads() -> None:
    test = "import main\n\n\ndef test_one(monkeypatch):\n    monkeypatch.setenv('MODE', 'x')\n    assert main.handler()\n"
    head = "import os\nMODE = os.environ.get('MODE')"
    stays(head, "MODE", "a test sets MODE after it imported loader", test_a=test)


def test_a_test_may_replace_what_makes_a_value() -> None:
    head = "import conf\nMOST = conf.limit() * 2"
    stays(head, "MOST", "limit", conf=CONF, test_a=PATCH.format("conf.limit"))


@pytest.mark.parametrize("name", ["torch_npu", "litellm", "comet_ml"])
def test_what_it_imports_may_change_others(name: str) -> None:
    stays(f"import {name}", f"{name}.x", f"importing {name} ")


def test_what_it_imports_may_be_for_its_effect_alone() -> None:
    because = "nothing uses some_plugin, which loader imports: it may be for its effect"
    stays("import some_plugin", "1", because)
    outcome = check(
        {"loader.py": BODY.format(head="import some_plugin", value="some_plugin.x"), "main.py": MAIN},
        flags=HEAVY,
    )
    assert outcome.plan.changes
    waits("import colorsys", "1")


def test_who_loads_the_file_of_variables_by_itself_needs_no_package_for_it() -> None:
    code = "import litellm\n\n\ndef ask():\n    return litellm.completion()\n"
    refused({"m.py": code}, because="importing litellm loads the file .env into the environment")
    own = "from dotenv import load_dotenv\n\nload_dotenv()\n"
    assert check({"m.py": code, "settings.py": own}, flags={"select": ("LZ201",)}).plan.changes


READS = "import os\n\nimport transformers\n\n\ndef load():\n    return transformers.pipeline()\n"


@pytest.mark.parametrize(
    "setting",
    [
        "\n\ndef main():\n    os.environ['HF_HOME'] = '/x'\n    return load()\n",
        "\n\nif __name__ == '__main__':\n    os.environ['HF_HOME'] = '/x'\n    load()\n",
    ],
)
def test_a_package_may_read_a_variable_that_the_program_sets_later(setting: str) -> None:
    because = "transformers reads HF_HOME when it is imported, which is set later"
    refused({"m.py": READS + setting}, because=because)
    assert check({"m.py": READS + setting.replace("HF_HOME", "APP_HOME")}).plan.changes


def test_a_package_may_read_a_variable_that_a_test_sets() -> None:
    test = "import m\n\n\ndef test_one(monkeypatch):\n    monkeypatch.setenv('HF_HOME', 'x')\n    assert m.load\n"
    because = "transformers reads HF_HOME when it is imported, which is set later"
    refused({"m.py": READS, "test_m.py": test}, because=because)


def test_a_variable_that_is_set_above_all_imports_is_set_later_too() -> None:
    start = "import os\n\nos.environ['HF_HOME'] = '/x'\n\nimport m\n\nm.load()\n"
    assert check({"m.py": READS, "start.py": start}).plan.changes
