"""Files that are run by their paths, and the names that are read of what this leaves."""

import pytest

from lazify.testing import check, refused

JOB = "import json\n\nconfig = json.load(open('cfg.json'))\n\n\ndef show():\n    return config\n"
PROJECT = {"cfg.json": "{}", "jobs/nightly.py": JOB}
IMPORTS = "import importlib.util\nimport os\nimport pathlib\nimport pkgutil\nimport runpy\nimport types\n\n\n"
READ = {
    "an item": "return runpy.run_path(path)['config']",
    "get": "names = runpy.run_path(path_name=path)\n    return names.get('config')",
    "unpacked": "return {**runpy.run_path(path)}",
    "handed on": "return runpy.run_path(path)",
    "a module": "return runpy.run_module(path)['config']",
    "its own file": "return runpy.run_path(os.path.join('jobs', 'nightly.py'))['config']",
    "its text": "names = {}\n    exec(open(path).read(), names)\n    return names['config']",
    "its text, opened above": "names = {}\n    with open(path) as stream:\n"
    "        exec(compile(stream.read(), path, 'exec'), names)\n    return names['config']",
    "its text, read above": "names, text = dict(), pathlib.Path(path).read_text()\n"
    "    names = {}\n    code = pathlib.Path(path).read_text()\n    exec(code, names)\n    return list(names)",
    "its text, read elsewhere": "names = {}\n    exec(text_of(path), names)\n    return names['config']",
    "locals": "names = {}\n    exec(open(path).read(), {}, names)\n    return names",
    "the own names": "exec(open(path).read(), globals())",
    "a new module": "module = types.ModuleType('m')\n    exec(open(path).read(), module.__dict__)\n    return module",
    "its code": "names = {}\n    spec = importlib.util.find_spec(path)\n    exec(spec.loader.get_code(path), names)\n"
    "    return names",
    "its data": "names = {}\n    exec(pkgutil.get_data('jobs', path), names)\n    return names",
}
LEFT = {
    "nothing is read": "runpy.run_path(path, run_name='__main__')",
    "another name is read": "names = runpy.run_path(path)\n    return names['other'], names.get('more')",
    "another file is run": "return runpy.run_path('version.py')",
    "the text of another file": "names = {}\n    exec(open('docs/version.py').read(), names)\n    return names",
    "names are given only": "names = {'a': 1}\n    exec(open(path).read(), names)",
    "a text that is no file's": "names = {}\n    exec(path, names)\n    return names, open(path).read()",
}
BELOW = "\n\n\ndef text_of(path):\n    with open(path) as stream:\n        return stream.read()\n"


@pytest.mark.parametrize("body", READ.values(), ids=list(READ))
def test_what_is_read_of_a_file_that_is_run_stays(body: str) -> None:
    main = f"{IMPORTS}def load(path):\n    {body}{BELOW}"
    refused({**PROJECT, "main.py": main}, because="its names are read of what that leaves")


def test_what_runs_among_the_own_names_stays() -> None:
    main = "exec(open('jobs/nightly.py').read())\n\n\ndef load():\n    return config\n"
    refused({**PROJECT, "main.py": main}, because="its names are read of what that leaves")


@pytest.mark.parametrize("body", LEFT.values(), ids=list(LEFT))
def test_a_file_whose_names_nobody_reads_waits(body: str) -> None:
    main = f"{IMPORTS}def load(path):\n    {body}{BELOW}"
    outcome = check({**PROJECT, "main.py": main}, run="import main")
    assert [change.title for change in outcome.plan.changes] == ["config becomes get_config()"]


def test_a_file_that_imports_relatively_is_not_run_by_its_path() -> None:
    main = "import runpy\n\n\ndef load(path):\n    return runpy.run_path(path)\n"
    package = {"jobs/__init__.py": "", "jobs/other.py": "", "jobs/nightly.py": f"from . import other\n{JOB}"}
    outcome = check({**PROJECT, **package, "main.py": main}, run="import main")
    assert [change.title for change in outcome.plan.changes] == ["config becomes get_config()"]


@pytest.mark.parametrize(
    "body",
    [
        "return runpy.run_path(path)",
        "for each in path:\n        return runpy.run_path(each)",
        "return [runpy.run_path(each) for each in path]",
        "found = []\n    for each in path:\n        for file in each.rglob('*.py'):\n"
        "            found.append(runpy.run_path(file))\n    return found",
    ],
    ids=["the one", "each", "each, in a comprehension", "those below each"],
)
def test_a_library_runs_files_of_its_users(body: str) -> None:
    setup = "[project]\nname = 'jobs'\nversion = '1'\n[build-system]\nrequires = []\n"
    loader = f"import runpy\n\n\ndef load(path):\n    {body}\n"
    files = {"pyproject.toml": setup, "jobs/__init__.py": "", "jobs/one.py": JOB, "jobs/loader.py": loader}
    outcome = check({**files, "cfg.json": "{}"}, run="import jobs.loader, jobs.one; print(jobs.one.config)")
    assert [change.title for change in outcome.plan.changes] == ["config becomes get_config()"]


def test_a_library_runs_files_that_lie_in_it() -> None:
    setup = "[project]\nname = 'jobs'\nversion = '1'\n[build-system]\nrequires = []\n"
    loader = "import os\nimport runpy\n\n\ndef load():\n    for name in os.listdir('jobs'):\n"
    loader += "        yield runpy.run_path(os.path.join('jobs', name))\n"
    files = {"pyproject.toml": setup, "jobs/__init__.py": "", "jobs/one.py": JOB, "jobs/loader.py": loader}
    refused({**files, "cfg.json": "{}"}, because="its names are read of what that leaves")
