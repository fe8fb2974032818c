"""Values stay whose making asks for its surroundings where the program changes these: folders, arguments, variables."""

import pytest

from lazify.testing import check, refused

FORCED = {"singleton": ("VALUE",), "risky": True}
READERS = "import os\nimport sys\nfrom pathlib import Path\n\nNAME = 'a.txt'\n\n\ndef read(path):\n    with open(path) as file:\n        return file.read()\n\n\ndef read_here():\n    return read('a.txt')\n\n\ndef read_arguments():\n    return read(NAME) + str(len(sys.argv))\n"
MAIN = "import store\n\n\ndef run():\n    change()\n    return store.VALUE\n\n\ndef change():\n    {change}\n"


def files(making: str, change: str) -> dict[str, str]:
    head = "import os\nimport sys\nfrom pathlib import Path\nfrom readers import NAME, read, read_arguments, read_here\n"
    return {
        "store.py": f"{head}\nVALUE = {making}\n",
        "readers.py": READERS,
        "main.py": f"import os\nimport sys\n{MAIN.format(change=change)}",
        "a.txt": "a",
    }


@pytest.mark.parametrize(
    "making",
    [
        "read('a.txt')",
        "read(NAME)",
        "read_here()",
        "read(os.path.join(os.getcwd(), NAME))",
        "(Path.cwd() / NAME).read_text()",
        "read(os.path.abspath(NAME))",
    ],
)
def test_the_working_folder_changes(making: str) -> None:
    refused(files(making, "os.chdir(os.sep)"), because="changes its working folder", flags=FORCED)


def test_a_file_beside_the_code_is_found_in_any_folder() -> None:
    before = files("read(Path(__file__).with_name('a.txt'))", "os.chdir(os.sep)")
    outcome = check(before, run="import main; print(main.run())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


def test_arguments_change_that_a_function_reads() -> None:
    because = "sys.argv, which it reads, is changed by main"
    refused(files("read_arguments()", "sys.argv.append('x')"), because=because, flags=FORCED)


@pytest.mark.parametrize(
    ("making", "change"),
    [
        ("read(NAME) + os.environ.get('MODE', '')", "os.environ.clear()"),
        ("read(NAME) + os.path.expanduser('~/x')", "os.environ['HOME'] = '/x'"),
        ("read(NAME) + str(Path.home())", "os.environ['HOME'] = '/x'"),
        ("read(NAME) + os.path.expandvars('$MODE/x')", "os.environ['MODE'] = '/x'"),
    ],
)
def test_the_environment_changes(making: str, change: str) -> None:
    refused(files(making, change), because="itself", flags=FORCED)


def test_what_takes_one_variable_reads_no_others() -> None:
    before = files("read_for(os.environ.get('USER_NAME', 'a.txt'))", "os.environ['OTHER'] = 'x'")
    before["readers.py"] += "\n\ndef read_for(path):\n    return read(str(os.environ.get('OWN', path)))\n"
    before["store.py"] = "from readers import read_for\n" + before["store.py"]
    before["conftest.py"] = "import os\n\nos.environ['MODE'] = 'test'\n"
    outcome = check(before, run="import main; print(main.run())", flags=FORCED)
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]
