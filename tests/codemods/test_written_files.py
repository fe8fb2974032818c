"""A value that is read from a file stays where the program writes the file, whatever has its path."""

import pytest

from lazify.testing import check, refused
from tests.fuzz.states import STATES

PATHS = next(each for each in STATES if each.name.startswith("PATH"))
IMPORTS = "import json\nimport os\nimport pathlib\nimport shutil\nfrom pathlib import Path\n\n"
FILES = {"a.txt": "1", "b.txt": "2"}


@pytest.mark.parametrize("change", [each for each in PATHS.changes if "c.txt" not in each])
@pytest.mark.parametrize("read", ["open({s}).read()", "pathlib.Path({s}).read_text()"])
def test_the_program_writes_the_file_at_a_name(change: str, read: str) -> None:
    body = "\n".join(f"    {line}" for line in change.format(s="PATH").split("\n"))
    main = f"{IMPORTS}PATH = 'a.txt'\nVALUE = {read.format(s='PATH')}\n\n\ndef save():\n{body}\n    return VALUE\n"
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


def test_a_function_of_another_module_writes_it() -> None:
    store = f"{IMPORTS}PATH = Path('a.txt')\n\n\ndef load(path):\n    return json.loads(path.read_text())\n\n\nstate = load(PATH)\n\n\ndef show():\n    return state\n"
    admin = "import store\n\n\ndef put(path, text):\n    path.write_text(text)\n\n\ndef reset():\n    put(store.PATH, '{}')\n"
    refused({**FILES, "store.py": store, "admin.py": admin}, because="the program writes the file at PATH")


def test_what_loads_it_knows_the_path() -> None:
    main = (
        f"{IMPORTS}PATH = 'a.txt'\n\n\ndef load():\n    with open(PATH) as stream:\n        return json.load(stream)\n\n\n"
        "state = load()\n\n\ndef save():\n    with open(PATH, 'w') as stream:\n        json.dump(state, stream)\n"
    )
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


@pytest.mark.parametrize(
    "body",
    [
        "return Path(PATH).with_suffix('.bak').write_text('3')",
        "return (Path('.') / 'c.txt').write_text(PATH)",
        "return shutil.copy(PATH, 'c.txt')",
        "return open(PATH).read()",
        "return PATH.replace('a', 'b')",
        "return os.path.exists(PATH)",
        "return open(PATH + '.bak', 'w').write('3')",
    ],
)
def test_another_file_is_another(body: str) -> None:
    main = f"{IMPORTS}PATH = 'a.txt'\nVALUE = open(PATH).read()\n\n\ndef save():\n    {body}\n\n\ndef show():\n    return [VALUE]\n"
    outcome = check({**FILES, "main.py": main}, run="import main; main.save(); print(main.show())")
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


@pytest.mark.parametrize(
    "write",
    [
        "joblib.dump([3], PATH)",
        "arrays.save(PATH, [3])",
        "frame.to_csv(PATH)",
        "dill.dump([3], file=PATH)",
        "zipfile.ZipFile(PATH, 'w')",
    ],
)
def test_a_package_writes_it(write: str) -> None:
    main = (
        f"{IMPORTS}import arrays, dill, joblib, zipfile\n\nPATH = 'a.txt'\nmodel = open(PATH).read()\n\n\n"
        f"def train(frame):\n    {write}\n    return model\n"
    )
    refused({**FILES, "main.py": main}, because="the program writes the file at PATH")


PACKAGE = '[build-system]\nrequires = ["setuptools"]\n\n[project]\nname = "shop"\nversion = "1"\n'


@pytest.mark.parametrize("use", ["", "\n\ndef show():\n    return lines\n"])
@pytest.mark.parametrize("metadata", ["", PACKAGE])
def test_a_file_is_written_for_those_who_read_it(use: str, metadata: str) -> None:
    """As in the scripts beside opencanary 0.9.10: `chmod(SCRIPT)` further down would find no file."""
    main = (
        "import os\n\nSCRIPT = 'install.sh'\n\nwith open(SCRIPT, 'w') as stream:\n    lines = ['set -e', 'true']\n"
        f"    stream.write('\\n'.join(lines))\n\n\nos.chmod(SCRIPT, 0o700)\n{use}"
    )
    files = {"main.py": main, **({"pyproject.toml": metadata} if metadata else {})}
    run = "import os, main; print(oct(os.stat('install.sh').st_mode))"
    assert not check(files, run=run, flags={"risky": True, "singleton": ("*",)}).plan.changes


@pytest.mark.parametrize(
    "made",
    [
        "log = open('out.log', 'w')",
        "job = subprocess.Popen(['true'])",
        "worker = threading.Thread(target=print); worker.start()",
    ],
)
def test_what_leaves_traces_and_nobody_asks_for_is_made_at_import(made: str) -> None:
    main = f"import subprocess\nimport threading\n\n{made}\n"
    outcome = check({"main.py": main, "pyproject.toml": PACKAGE}, run="import main")
    assert not outcome.plan.changes


def test_what_is_only_read_may_wait_for_users_of_the_library() -> None:
    main = "text = open('pyproject.toml').read()\n"
    outcome = check({"main.py": main, "pyproject.toml": PACKAGE}, run="import main; print(len(main.text))")
    assert len(outcome.plan.changes) == 1


ASKS = {
    "exists": "os.path.exists(PATH)",
    "a path": "Path(PATH).exists()",
    "a file": "os.path.isfile(PATH) and 1",
    "its size": "os.path.exists(PATH) and os.path.getsize(PATH)",
    "its time": "os.stat(PATH).st_size",
    "in a function": "is_there(PATH)",
}
WRITES = [
    "open(PATH, 'w').write('more')",
    "os.remove(PATH)",
    "Path('a.txt').write_text('more')",
    "os.remove('a.txt')",
]


def _asking(value: str, does: str, path: str = "a.txt") -> dict[str, str]:
    function = "def is_there(path):\n    return [os.path.exists(path)]\n\n\n"
    return {
        "asking.py": f"{IMPORTS}PATH = {path!r}\n\n\n{function}VALUE = [{value}]\n\n\ndef show():\n    return VALUE\n",
        "main.py": f"{IMPORTS}import asking\n\nPATH = asking.PATH\n\n\ndef go():\n    {does}\n    return asking.show()\n",
    }


@pytest.mark.parametrize("does", WRITES)
@pytest.mark.parametrize("value", ASKS.values(), ids=list(ASKS))
def test_whether_a_file_is_there_is_asked_before_the_program_writes_or_removes_it(
    value: str, does: str
) -> None:
    flags = {"singleton": ("*",), "risky": True}
    files = {**FILES, **_asking(value, does)}
    outcome = check(files, flags=flags, run="import main; print(main.go())")
    assert not outcome.plan.changes


@pytest.mark.parametrize(
    ("value", "does"),
    [
        ("os.path.isdir(PATH)", "os.makedirs(PATH)"),
        ("os.path.isdir('a')", "Path(PATH).mkdir()"),
        ("Path(PATH).is_dir()", "os.makedirs('a', exist_ok=True)"),
        ("os.path.islink('a')", "os.symlink('a.txt', PATH)"),
        ("os.path.isdir('there')", "shutil.rmtree('there')"),
    ],
)
def test_whether_a_folder_is_there_is_asked_before_the_program_makes_or_removes_it(
    value: str, does: str
) -> None:
    files = {**FILES, "there/b.txt": "", **_asking(f"open('a.txt').read(), {value}", does, "a")}
    refused(files, because="the program makes or removes the file or folder at")


@pytest.mark.parametrize(
    ("value", "does"),
    [
        ("os.path.exists(PATH)", "open('b.txt', 'w').write('1')"),
        ("os.path.exists(PATH)", "open(PATH).read()"),
        ("os.path.isdir('there')", "os.makedirs('elsewhere')"),
        ("os.path.isdir('there')", "open(os.path.join('there', 'c.txt'), 'w').write('1')"),
    ],
)
def test_what_becomes_of_another_file_does_not_matter(value: str, does: str) -> None:
    files = {**FILES, "there/b.txt": "", **_asking(f"open('b.txt').read(), {value}", does)}
    files["asking.py"] = files["asking.py"].replace("open('b.txt')", "open('pyproject.toml')")
    outcome = check(files, run="import main; print(main.go())")
    assert [change.title for change in outcome.plan.changes] == ["VALUE becomes get_value()"]


HERE = {
    "os.listdir": "sorted(os.listdir())",
    "a dot": "sorted(os.listdir('.'))",
    "a path": "sorted(Path().iterdir())",
    "a pattern": "sorted(Path('.').glob('*.txt'))",
    "all below": "sorted(Path('.').rglob('*.txt'))",
    "walk": "[sorted(names) for _, _, names in os.walk('.')]",
}
INTO = {
    "a name": ("open('c.txt', 'w').write('1')", True),
    "a path": ("Path('c.txt').touch()", True),
    "what is computed": ("NAME = 'c'\n    Path(f'{NAME}.txt').write_text('1')", True),
    "what is handed over": ("put('c.txt')", True),
    "what is moved": ("shutil.copy('a.txt', 'c.txt')", True),
    "another folder": ("open(os.path.join(tempfile.mkdtemp(), 'c.txt'), 'w').write('1')", False),
    "the root": ("open('/dev/null', 'w').write('1')", False),
    "beside a module": ("BESIDE.write_text('1')", False),
    "what is read": ("open('a.txt').read()", False),
}


@pytest.mark.parametrize(("does", "counts"), INTO.values(), ids=list(INTO))
@pytest.mark.parametrize("value", HERE.values(), ids=list(HERE))
def test_what_looks_through_the_working_folder_does_that_before_the_program_writes_there(
    value: str, does: str, *, counts: bool
) -> None:
    files = {
        **FILES,
        "looking.py": f"{IMPORTS}VALUE = {value}\n\n\ndef show():\n    return VALUE\n",
        "main.py": f"{IMPORTS}import tempfile\nimport looking\n\nBESIDE = Path(__file__).parent / 'data' / 'c.csv'\n\n\n"
        f"def put(name):\n    with open(name, 'w') as stream:\n        stream.write('1')\n\n\n"
        f"def go():\n    {does}\n    return [str(each) for each in looking.show()]\n",
        "data/b.csv": "",
    }
    if not counts:
        files["main.py"] = files["main.py"].replace("open(name, 'w')", "open('/dev/null', 'w')")
    outcome = check(files, run="import main; print('c.txt' in str(main.go()))")
    assert bool(outcome.plan.changes) is not counts


KEEP = {
    "a handler": "logging.getLogger('r').addHandler(logging.FileHandler(PATH))",
    "another handler": "logging.getLogger('r').addHandler(logging.handlers.RotatingFileHandler(filename='a.txt'))",
    "a configuration": "logging.basicConfig(filename=PATH, force=True)",
    "a table": "logging.config.dictConfig({'version': 1, 'handlers': {'f': {'class': 'logging.FileHandler', 'filename': PATH}},"
    " 'root': {'handlers': ['f']}})",
    "a command": "subprocess.run(['cp', 'b.txt', PATH])",
    "the text of a command": "subprocess.run(f'echo 3 > {PATH}', shell=True)",
    "another text": "os.system(f'rm {PATH}')",
}


@pytest.mark.parametrize("does", KEEP.values(), ids=list(KEEP))
def test_what_writes_a_file_need_not_be_the_program_itself(does: str) -> None:
    reading = f"{IMPORTS}PATH = 'a.txt'\nVALUE = open(PATH).read()\n\n\ndef show():\n    return VALUE\n"
    main = (
        f"{IMPORTS}import logging\nimport logging.config\nimport logging.handlers\nimport subprocess\nimport reading\n"
        f"from reading import PATH\n\n\ndef go():\n    {does}\n    logging.getLogger('r').error('x')\n    return reading.show()\n"
    )
    files = {**FILES, "reading.py": reading, "main.py": main}
    check(files, run="import main; print(main.go())")
    refused(files, because="the program writes the file at")


@pytest.mark.parametrize(
    "does", ["subprocess.run(['cat', PATH])", "subprocess.run(f'cat {PATH}', shell=True)"]
)
def test_a_command_that_reads_a_file_leaves_it_alone(does: str) -> None:
    main = f"{IMPORTS}import subprocess\n\nPATH = 'a.txt'\nVALUE = open(PATH).read()\n\n\ndef go():\n    {does}\n    return VALUE\n"
    outcome = check({**FILES, "main.py": main}, run="import main; print(main.go())")
    assert outcome.plan.changes


NAMED = {
    "open": ("open('state').read()", "open('state', 'w').write('2')"),
    "a path": ("Path('state').read_text()", "Path('state').write_text('2')"),
    "a folder": ("open('data/state').read()", "open(os.path.join('data', 'state'), 'w').write('2')"),
    "a function": ("load('state')", "os.remove('state')"),
    "what it writes": ("[open('pid', 'w').write('1')]", "return os.path.exists('pid')"),
}


@pytest.mark.parametrize(("value", "does"), NAMED.values(), ids=list(NAMED))
def test_the_name_of_a_file_need_not_look_like_one(value: str, does: str) -> None:
    reading = f"{IMPORTS}\ndef load(path):\n    with open(path) as stream:\n        return stream.read()\n\n\nVALUE = {value}\n\n\ndef show():\n    return VALUE\n"
    main = f"{IMPORTS}import reading\n\n\ndef go():\n    {does}\n    return reading.show()\n"
    files = {"state": "1", "data/state": "1", "reading.py": reading, "main.py": main}
    check(files, run="import main; print(main.go())")
    refused(files, because="the program ")
    other = {name: text.replace("'pid')", "'other')") for name, text in files.items()}
    other["main.py"] = (
        main.replace("state'", "other'").replace("'pid')", "'other')").replace("os.remove", "os.path.exists")
    )
    assert check(other, flags={"risky": True}).plan.changes


@pytest.mark.parametrize("use", ["os.chmod(PATH, 0o600)", "Path(PATH).chmod(0o600)", "os.utime(PATH)"])
def test_what_needs_the_file_finds_it(use: str) -> None:
    made = "def make():\n    Path(PATH).write_text('1')\n    return 1\n\n\nvalue = make()\n"
    main = f"{IMPORTS}PATH = 'c.txt'\n\n\n{made}\n\ndef go():\n    {use}\n    return value\n"
    refused({"main.py": main}, because="the program asks for the file at PATH")


SETTINGS = """
from pydantic_settings import BaseSettings, SettingsConfigDict

if True:
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_file=".env")
        key: str
        log: str = "app.log"

        def save(self):
            open("saved.txt", "w").write(self.key)


settings = Settings()
"""


@pytest.mark.parametrize(("name", "is_read"), [(".env", True), ("saved.txt", False), ("app.log", False)])
def test_the_file_that_a_class_is_told_to_read_is_read_before_it_is_written(
    name: str, *, is_read: bool
) -> None:
    main = f"from settings import settings\n\n\ndef go():\n    open('{name}', 'w').write('KEY=2')\n    return settings.key\n"
    files = {"settings.py": SETTINGS, "main.py": main}
    if is_read:
        refused(files, because="the program writes the file at .env, which making it reads")
    else:
        assert check(files).plan.changes


def test_the_path_that_a_class_has_is_of_a_file_that_is_read_before_it_is_written() -> None:
    reading = "class Paths:\n    STATE = 'state.txt'\n    OTHER = 'other.txt'\n\n\ntext = open(Paths.STATE).read()\n\n\ndef f():\n    return text\n"
    main = "import reading\n\n\ndef go():\n    open(reading.Paths.STATE, 'w').write('2')\n    return reading.f()\n"
    files = {"state.txt": "1", "reading.py": reading, "main.py": main}
    assert not check(files, run="import main; print(main.go())").plan.changes
    refused(files, because="the program writes the file at state.txt, which making it reads")
    other = {**files, "main.py": main.replace("STATE", "OTHER")}
    assert check(other, run="import main; print(main.go())").plan.changes
