"""What a test changes once it has imported a module: values of the module were made before that, and stay."""

import pytest

from lazify.testing import check, refused

KEY = 'import os\n\nKEY = os.environ["KEY"]\n\n\ndef key():\n    return KEY\n'
TEXT = 'text = open("pyproject.toml").read()\n\n\ndef f():\n    return text\n'
CHANGES = {
    "a variable": (KEY, 'monkeypatch.setenv("KEY", "x")', "a test sets KEY after it imported app"),
    "a missing variable": (KEY, 'monkeypatch.delenv("KEY")', "a test sets KEY after it imported app"),
    "some variables": (KEY, 'patch.dict(os.environ, {"KEY": "x"}).start()', "a test sets KEY after"),
    "some by keyword": (KEY, 'patch.dict("os.environ", KEY="x").start()', "a test sets KEY after"),
    "all variables": (KEY, "patch.dict(os.environ, {}, clear=True).start()", "sets the environment after"),
    "the folder": (TEXT, "monkeypatch.chdir('/')", "a test changes its working folder"),
    "the folder, in a block": (
        TEXT,
        "CliRunner().isolated_filesystem()",
        "a test changes its working folder",
    ),
    "what opens files": (TEXT, 'patch("builtins.open").start()', "a test replaces builtins.open"),
}
START = "import os\nfrom unittest.mock import patch\n"


@pytest.mark.parametrize(("app", "change", "because"), CHANGES.values(), ids=CHANGES.keys())
def test_a_value_stays_that_was_made_before_a_test_changed_its_surroundings(
    app: str, change: str, because: str
) -> None:
    test = f"{START}import service\n\n\ndef test(monkeypatch):\n    {change}\n    service.run()\n"
    files = {"app.py": app, "service.py": "import app\n\n\ndef run():\n    return app\n", "test_app.py": test}
    refused(files, because=because)
    fixture = f"{START}\n\ndef fixture(monkeypatch):\n    {change}\n"
    refused({**files, "conftest.py": fixture, "test_app.py": "import service\n"}, because=because)


@pytest.mark.parametrize(("app", "change", "because"), CHANGES.values(), ids=CHANGES.keys())
def test_a_value_stays_whose_module_the_function_imports_before_it_changes_that(
    app: str, change: str, because: str
) -> None:
    test = f"{START}\n\ndef test(monkeypatch):\n    import service\n\n    {change}\n    service.run()\n"
    files = {"app.py": app, "service.py": "import app\n\n\ndef run():\n    return app\n"}
    refused({**files, "test_app.py": test}, because=because)
    conftest = (
        "def run(name):\n    import service\n\n    return service.run\n\n\ndef ran(run):\n    return run\n"
    )
    test = f"{START}\n\ndef test(monkeypatch, ran):\n    {change}\n    ran()\n"
    refused({**files, "conftest.py": conftest, "test_app.py": test}, because=because)


@pytest.mark.parametrize(("app", "change", "because"), CHANGES.values(), ids=CHANGES.keys())
def test_a_value_waits_whose_module_the_test_imports_when_all_is_set(
    app: str, change: str, because: str
) -> None:
    test = f"{START}\n\ndef test(monkeypatch):\n    {change}\n    import app\n    return app\n"
    assert check({"app.py": app, "test_app.py": test}).plan.changes, because


FOR_A_WHILE = {
    "a function": "def load():\n    import service\n    return service\n\n\ndef test():\n    with {}:\n        service = load()\n    print(service.run())\n",
    "a function that calls one": "def load():\n    import service\n    return service\n\n\ndef start():\n    return load()\n\n\n"
    "def test():\n    with {}:\n        service = start()\n    print(service.run())\n",
    "a function that imports by name": "import importlib\n\n\ndef load():\n    return importlib.import_module('service')\n\n\n"
    "def test():\n    with {}:\n        service = load()\n    print(service.run())\n",
    "a block of the file": "def load():\n    import service\n    return service\n\n\nwith {}:\n    service = load()\n\n\n"
    "def test():\n    print(service.run())\n",
}
BLOCKS = {
    "a variable": (KEY, "patch.dict(os.environ, KEY='x')", "a test sets KEY only while it imports app"),
    "what opens files": (
        TEXT,
        "patch('builtins.open', mock_open(read_data='x'))",
        "a test replaces builtins.open",
    ),
}


@pytest.mark.parametrize("test", FOR_A_WHILE.values(), ids=FOR_A_WHILE)
@pytest.mark.parametrize(("app", "block", "because"), BLOCKS.values(), ids=BLOCKS)
def test_a_value_stays_that_a_test_has_made_while_something_was_different(
    app: str, block: str, because: str, test: str
) -> None:
    ends = "key" if app is KEY else "f"
    files = {
        "app.py": app,
        "service.py": f"import app\n\n\ndef run():\n    return app.{ends}()\n",
        "test_app.py": f"{START}from unittest.mock import mock_open\n\n{test.format(block)}",
    }
    check(files, run="import test_app; test_app.test()")
    refused(files, because=because)


def test_a_value_waits_whose_module_is_only_looked_at_while_something_is_different() -> None:
    test = f"{START}\n\ndef load():\n    import app\n    return app\n\n\ndef test():\n    with patch.dict(os.environ, KEY='x'):\n        print(load().key())\n"
    outcome = check({"app.py": KEY, "test_app.py": test}, run="import test_app; test_app.test()")
    assert outcome.plan.changes


@pytest.mark.parametrize(
    "sets", ["os.environ['KEY'] = 'y'", 'os.environ["KEY"]="y"', "os.environ.pop('KEY')"]
)
def test_a_value_stays_that_was_made_before_a_test_set_a_variable_by_hand(sets: str) -> None:
    first = "import os\n\nos.environ['KEY'] = 'x'\nimport app\n\n\n"
    test = f"{first}def test():\n    {sets}\n    print(app.key())\n"
    files = {"app.py": KEY, "test_app.py": test}
    check(files, run="import test_app; test_app.test()")
    refused(files, because="a test sets KEY after it imported app")
    hook = "import os\n\n\ndef pytest_configure():\n    os.environ['KEY'] = 'x'\n"
    assert check({"app.py": KEY, "conftest.py": hook, "test_app.py": "import app\n"}).plan.changes


def test_a_folder_that_is_changed_before_all_tests_is_no_reason() -> None:
    conftest = "import os\n\nos.chdir('.')\n"
    files = {"app.py": TEXT, "conftest.py": conftest, "test_app.py": "import app\n"}
    assert check(files).plan.changes


def test_another_variable_is_no_reason() -> None:
    test = f"{START}import app\n\n\ndef test(monkeypatch):\n    monkeypatch.setenv('OTHER', 'x')\n    app.key()\n"
    assert check({"app.py": KEY, "test_app.py": test}).plan.changes


@pytest.mark.parametrize("importing", ["import app", "from app import KEY"])
@pytest.mark.parametrize("mark", ["skipif", "xfail"])
def test_a_condition_that_pytest_evaluates_finds_its_names(importing: str, mark: str) -> None:
    name = "app.KEY" if importing == "import app" else "KEY"
    test = f"""
        import pytest
        {importing}


        @pytest.mark.{mark}("not {name}", reason="none")
        def test():
            assert {name} == "k"
    """
    run = """
        import contextlib, io, os, pytest

        os.environ["KEY"] = "k"
        with contextlib.redirect_stdout(io.StringIO()):  # tells how long it took
            code = pytest.main(["-q", "-p", "no:cacheprovider", "test_app.py"])
        print(int(code))
    """
    check({"app.py": KEY, "test_app.py": test}, run=run)


@pytest.mark.parametrize("configuration", ["pytest.ini", "setup.cfg", ".github/workflows/test.yml"])
def test_an_example_that_the_tests_run_finds_its_names(configuration: str) -> None:
    example = '''
        def shown():
            """
            >>> from package import app
            >>> app.key()
            'k'
            >>> app.KEY
            'k'
            """
    '''
    files = {"package/__init__.py": "", "package/app.py": KEY, "package/shown.py": example}
    run = "import os; os.environ['KEY'] = 'k'; from package import shown; import sys; from doctest import testmod"
    outcome = check(
        {**files, configuration: "pytest --doctest-modules\n"}, run=f"{run}; print(testmod(shown))"
    )
    assert "_key is None" in outcome.files["package/app.py"]


@pytest.mark.parametrize("faking", ["{'torch': MagicMock()}", "torch=MagicMock()"])
def test_an_import_stays_that_a_test_replaces_for_a_while(faking: str) -> None:
    app = "import torch\n\n\ndef f():\n    return torch.x\n"
    test = f"""
        from unittest.mock import MagicMock, patch


        def fixture():
            with patch.dict("sys.modules", {faking}):
                import app
            return app
    """
    refused({"app.py": app, "test_app.py": test}, because="changes sys.modules, and names torch")


@pytest.mark.parametrize(
    "sets", ["os.environ['KEY'] = 'y'", "os.environ.pop('KEY')", "del os.environ['KEY']"]
)
def test_a_value_stays_that_a_file_of_tests_imports_before_it_sets_the_variable(sets: str) -> None:
    first = f"import os\n\nos.environ['KEY'] = 'x'\nimport app\n\n{sets}\n"
    test = "import app\n\n\ndef test():\n    print(app.key())\n"
    files = {"app.py": KEY, "conftest.py": first, "test_app.py": test}
    check(files, run="import conftest, test_app; test_app.test()")
    refused(files, because="a test sets KEY after it imported app")


def test_a_value_waits_that_a_file_of_tests_imports_after_it_set_the_variable() -> None:
    test = "import os\nimport sys\n\nos.environ['KEY'] = 'x'\nimport app\n\n\ndef test():\n    print(app.key())\n"
    assert check({"app.py": KEY, "test_app.py": test}, run="import test_app; test_app.test()").plan.changes
