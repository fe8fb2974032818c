import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path

import pytest

from lazify.executor import SerialExecutor, executor
from lazify.index import contents
from lazify.index import scan as scanning
from lazify.index.load import load
from lazify.index.store import Store, content_key, scanner_version
from lazify.model.facts import Facts
from lazify.model.places import Failure, Source


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], list[Source]]:
    def write(files: Mapping[str, str | bytes]) -> list[Source]:
        for name, content in files.items():
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [Source(path=tmp_path / name, root=tmp_path, module=Path(name).stem) for name in files]

    return write


Project = Callable[[Mapping[str, str | bytes]], list[Source]]


def failure(sources: list[Source]) -> Failure:
    loaded, (only,) = load(sources, executor=SerialExecutor(), store=Store(None))
    assert not loaded
    assert "\n" not in only.why
    return only


def test_facts_come_in_the_order_of_the_sources(project: Project) -> None:
    sources = project({"b.py": "x = 1\n" * 50, "a.py": "y = 1\n", "c.py": ""})
    loaded, failures = load(sources, executor=SerialExecutor(), store=Store(None))
    assert [each.source for each in loaded] == sources
    assert [sorted(each.facts.bindings) for each in loaded] == [["x"], ["y"], []]
    assert failures == []


def test_facts_are_the_same_from_processes_from_here_and_from_the_store(
    project: Project, tmp_path: Path
) -> None:
    sources = project(
        {f"m{number}.py": f"x{number} = f()\n" * 3000 for number in range(20)} | {"bad.py": "x ="}
    )
    with executor(10**9, jobs=2) as pool, Store(tmp_path / "cache") as store:
        cold, cold_failures = load(sources, executor=pool, store=store)
        warm, warm_failures = load(sources, executor=NoWork(), store=store)
    here, here_failures = load(sources, executor=SerialExecutor(), store=Store(None))
    assert cold == warm == here
    assert len(cold) == 20
    assert cold_failures == warm_failures == here_failures
    assert len(cold_failures) == 1


class NoWork(Executor):
    def submit(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]  # nobody may call it
        raise AssertionError("everything is known already")


def test_only_what_changed_is_scanned_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned: list[str] = []
    real = scanning.scan

    def watched(text: str) -> Facts:
        scanned.append(text)
        return real(text)

    monkeypatch.setattr(scanning, "scan", watched)
    with Store(tmp_path / "cache") as store:
        load(project({"a.py": "a", "b.py": "b", "same.py": "a"}), executor=SerialExecutor(), store=store)
        assert sorted(scanned) == ["a", "b"]
        load(project({"a.py": "a", "b.py": "c", "same.py": "a"}), executor=SerialExecutor(), store=store)
        assert sorted(scanned) == ["a", "b", "c"]


def test_the_key_tells_whether_a_file_changed_since(project: Project) -> None:
    sources = project({"a.py": "x"})
    ((loaded,), _) = load(sources, executor=SerialExecutor(), store=Store(None))
    assert loaded.key == content_key(b"x", scanner_version())


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_hears_of_every_file_once(project: Project, tmp_path: Path, jobs: int) -> None:
    heard: list[int] = []
    sources = project(
        {f"m{number}.py": "x = 1\n" * (number % 5) * 9000 for number in range(30)} | {"bad.py": "x ="}
    )
    gone = Source(path=tmp_path / "gone.py", root=tmp_path, module="gone")
    with executor(10**9, jobs=jobs) as pool, Store(tmp_path / "cache") as store:
        load([*sources, gone], executor=pool, store=store, progress=heard.append)
        assert sum(heard) == 32
        load([*sources, gone], executor=pool, store=store, progress=heard.append)
    assert sum(heard) == 64


@pytest.mark.parametrize(
    ("content", "why", "line"),
    [
        ("x = 1\ny = (\n", "not valid for Python {}: '(' was never closed", 2),
        (
            "def f():\nx",
            "not valid for Python {}: expected an indented block after function definition on line 1",
            2,
        ),
        ("print 'x'\n", "looks like Python 2: ", 1),
        ("a = 1\nexec code in space\n", "looks like Python 2: ", 2),
        ("try: pass\nexcept E, e: pass\n", "looks like Python 2: ", 2),
        ("raise E, 'text'\n", "looks like Python 2: ", 1),
        ("mode = 0777\n", "looks like Python 2: ", 1),
        ("big = 10L\n", "looks like Python 2: ", 1),
        ("if a <> b: pass\n", "looks like Python 2: ", 1),
        ("x = `y`\n", "looks like Python 2: ", 1),
        ("x = ur'y'\n", "looks like Python 2: ", 1),
        ("def f((a, b)): pass\n", "looks like Python 2: ", 1),
        ("(" * 3000 + ")" * 3000, "too deeply nested", 1),
        ("x = " + "-" * 100_000 + "1", "too deeply nested", None),
        (b"x = 1\ny = '\xff'\n", "not valid utf-8: byte 0xff at offset 11", 2),
        (b"x\0y", "has NUL bytes", 1),
        ("x = 1".encode("utf-16"), "is UTF-16 or UTF-32, which Python does not read: save it as UTF-8", 1),
    ],
    ids=range(17),
)
def test_a_file_that_cannot_be_scanned_says_why(
    project: Project, content: str | bytes, why: str, line: int | None
) -> None:
    found = failure(project({"bad.py": content}))
    assert found.why.startswith(why.format(f"{sys.version_info.major}.{sys.version_info.minor}"))
    assert found.line == line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("import a.b\nx = (c1, 'd e'", {"import", "a", "b", "x", "c1", "d", "e"}),
        ("é = ﬁnd(", {"é", "ﬁnd", "find"}),
        (b"caf\xff = engine(", {"engine"}),
        ("engine = 1".encode("utf-16"), {"engine"}),
        (b"x\0\ny = engine", {"engine", "y"}),
    ],
)
def test_a_file_that_cannot_be_scanned_counts_as_a_user_of_all_it_mentions(
    project: Project, content: str | bytes, words: set[str]
) -> None:
    assert failure(project({"bad.py": content})).words >= words


@pytest.mark.parametrize("text", ["x = " + " + ".join(["a"] * 1900), "x = a" + ".b()" * 950])
def test_a_deep_tree_is_scanned(project: Project, text: str) -> None:
    (loaded,), failures = load(project({"deep.py": text}), executor=SerialExecutor(), store=Store(None))
    assert not failures
    assert "a" in loaded.facts.uses
    assert loaded.facts.scopes[0].operations is not None


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="3.12 parses no deeper, whatever its limits")
def test_a_tree_deeper_than_the_usual_stack_is_scanned(project: Project) -> None:
    sources = project({"deep.py": "x = " + " + ".join(["a"] * 6000)})
    (loaded,), _ = load(sources, executor=SerialExecutor(), store=Store(None))
    assert "a" in loaded.facts.uses


def test_a_file_that_vanished_is_named(project: Project, tmp_path: Path) -> None:
    assert failure([Source(path=tmp_path / "gone.py", root=tmp_path, module="gone")]).why == (
        "cannot be read: No such file or directory"
    )


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dir.py").mkdir()
    assert failure([Source(path=tmp_path / "dir.py", root=tmp_path, module="dir")]).why == (
        "cannot be read: Is a directory"
    )


def test_a_file_too_large_to_scan_is_named_with_its_words(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "LARGEST", 2**20)
    found = failure(project({"big.py": "x = 1\n" * 200_000 + "engine = 1"}))
    assert found.why == "larger than 1 MiB"
    assert "engine" in found.words


def test_one_bad_file_does_not_stop_the_others(project: Project) -> None:
    sources = project({"a.py": "x = 1", "bad.py": "x =", "c.py": "y = 1"})
    loaded, failures = load(sources, executor=SerialExecutor(), store=Store(None))
    assert [each.source.module for each in loaded] == ["a", "c"]
    assert [each.path.name for each in failures] == ["bad.py"]


def deadly(text: str) -> Facts:
    if "kill me" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return REAL_SCAN(text)


REAL_SCAN = scanning.scan


def test_a_file_that_kills_its_process_is_the_only_one_lost(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "scan", deadly)  # forked workers have it, too
    sources = project({f"m{n}.py": f"x{n} = 1\n" * 9000 + ("# kill me" if n == 7 else "") for n in range(12)})
    with executor(10**9, jobs=2) as pool, Store(tmp_path / "cache") as store:
        loaded, (lost,) = load(sources, executor=pool, store=store)
        assert len(loaded) == 11
        assert lost.path.name == "m7.py"
        assert lost.why == "scanning it ended the process: out of memory, or a crash of the Python parser"
        assert "x7" in lost.words
    monkeypatch.setattr(scanning, "scan", REAL_SCAN)
    with Store(tmp_path / "cache") as store:
        loaded, failures = load(sources, executor=SerialExecutor(), store=store)
    assert len(loaded) == 12
    assert not failures


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), ValueError("odd"), KeyError("scope")])
def test_whatever_the_scanner_raises_is_a_failure_of_the_file(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def raising(text: str) -> Facts:
        raise error

    monkeypatch.setattr(scanning, "scan", raising)
    found = failure(project({"a.py": "engine"}))
    assert "engine" in found.words
    if isinstance(error, MemoryError | RecursionError):
        assert found.why == "too deeply nested"
    else:
        assert found.why == f"lazify's scanner failed, please report it: {type(error).__name__}: {error}"


def test_what_a_run_holds_is_not_searched_for_garbage_at_every_chunk(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several projects, the facts of the first are no garbage of the second."""
    frozen: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda: frozen.append(gc.get_freeze_count()))
    with Store(None) as store:
        load(project({"a.py": "x = 1\n"}), executor=SerialExecutor(), store=store)
    assert len(frozen) == 1
    assert frozen[0] > 1000
    assert gc.get_freeze_count() == 0
