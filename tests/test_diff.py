"""Diffs are what `git apply` takes: it is asked."""

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lazify.diff import unified


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    return root


def git(root: Path, *arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", *arguments]
    return subprocess.run(command, cwd=root, input=given, capture_output=True, check=False)


def applied(root: Path, diff: bytes, files: dict[str, bytes]) -> dict[str, bytes]:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    checked = git(root, "apply", "--check", given=diff)
    assert checked.returncode == 0, checked.stderr.decode()
    done = git(root, "apply", given=diff)
    assert done.returncode == 0, done.stderr.decode()
    return {path: (root / path).read_bytes() for path in files}


def agrees(root: Path, before: bytes, after: bytes, path: str = "m.py") -> None:
    diff = unified(path, before, after)
    assert applied(root, diff, {path: before}) == {path: after}
    back = git(root, "apply", "-R", given=diff)
    assert back.returncode == 0, back.stderr.decode()
    assert (root / path).read_bytes() == before


def numbered(count: int) -> list[bytes]:
    return [b"line %d\n" % n for n in range(count)]


def test_a_diff_reads_as_everywhere() -> None:
    before = b"a\nb\nc\nd\ne\nf\ng\nh\n"
    after = b"a\nb\nc\nd\nE\nf\ng\nh\n"
    assert unified("src/m.py", before, after) == (
        b"--- a/src/m.py\n+++ b/src/m.py\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n"
    )


def test_equal_files_have_no_diff() -> None:
    assert unified("m.py", b"a\n", b"a\n") == b""
    assert unified("m.py", b"", b"") == b""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\n", b"a\nc\n"),
        (b"a\nb\n", b"a\n"),
        (b"a\n", b"a\nb\n"),
        (b"a\n", b"b\na\n"),
        (b"a", b"b"),
        (b"a", b"a\n"),
        (b"a\n", b"a"),
        (b"a\nb", b"a\nc\n"),
        (b"a\nb\nc\nd", b"x\nb\nc\nd"),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\r\nb\n", b"a\nb\r\n"),
        (b"a\rb\rc", b"a\rx\rc"),
        (b"a\x0cb\n\x0c\nc\n", b"a\x0cB\n\x0c\nc\n"),
        (b"a\x0b\x1c\x85\n", b"b\x0b\x1c\x85\n"),
        ("é\u2028x\n".encode(), "è\u2028x\n".encode()),
        ("# coding: latin-1\né\n".encode("latin-1"), "# coding: latin-1\nè\n".encode("latin-1")),
        ("# coding: cp932\n表\n".encode("cp932"), "# coding: cp932\n示\n".encode("cp932")),
        (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n"),
        (b"\n\n\n", b"\n\n"),
        (b"   \t\n", b"\t   \n"),
        (b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n", b"--- a/y\n+++ b/y\n@@ -1 +1 @@\n"),
        (b"\\ No newline at end of file\na\n", b"\\ No newline at end of file\nb"),
        (b"-\n+\n \n", b"+\n-\n \n"),
    ],
)
def test_git_makes_the_same_bytes_of_it_and_back(repository: Path, before: bytes, after: bytes) -> None:
    agrees(repository, before, after)


@pytest.mark.parametrize(("before", "after"), [(b"", b"a\n"), (b"", b"a"), (b"a\nb\n", b""), (b"a", b"")])
def test_empty_files_stay_files(repository: Path, before: bytes, after: bytes) -> None:
    diff = unified("empty.py", before, after)
    assert applied(repository, diff, {"empty.py": before}) == {"empty.py": after}


@pytest.mark.parametrize(
    "path",
    [
        "a b.py",
        "dir with space/a b.py",
        'a"b.py',
        "a\\b.py",
        "ünï/çödé.py",
        "a\tb.py",
        "a'b.py",
        "new\nline.py",
        "日本/語.py",
        "b/a/b.py",
        "-dash.py",
        "a b/ü c.py",
        "trailing .py ",
        " leading.py",
        "\udcff.py",
        "2024-01-01 00:00:00.py",
    ],
)
def test_any_path_is_found(repository: Path, path: str) -> None:
    agrees(repository, b"a\nb\n", b"a\nc\n", path)


def test_several_files_with_words_between_them_apply_at_once(repository: Path) -> None:
    files = {f"pkg/m{n}.py": b"".join(numbered(30)) for n in range(3)}
    files["pkg/no_newline.py"] = b"a"
    changed = {path: content.replace(b"line 3\n", b"line three\n") for path, content in files.items()}
    changed["pkg/no_newline.py"] = b"b"
    words = (
        b"LZ101 pkg/m.py:3 makes a Heavy() at import\n"
        b'  security.py:256 SecurityManager() -> audit.py:369 import -> sqlite3.connect("audit.db")\n'
        b"* a list\n\n    indented\n# a comment\n+1 for this\n"
    )
    diff = b"".join(words + unified(path, files[path], changed[path]) for path in files) + words
    assert applied(repository, diff, files) == changed


def test_changes_far_apart_have_a_hunk_each() -> None:
    lines = numbered(100)
    changed = [*lines]
    changed[10], changed[80] = b"ten\n", b"eighty\n"
    diff = unified("m.py", b"".join(lines), b"".join(changed))
    assert [line for line in diff.split(b"\n") if line.startswith(b"@@")] == [
        b"@@ -8,7 +8,7 @@",
        b"@@ -78,7 +78,7 @@",
    ]


@pytest.mark.parametrize(("gap", "hunks"), [(5, 1), (6, 1), (7, 2), (8, 2)])
def test_changes_whose_context_touches_share_a_hunk(repository: Path, gap: int, hunks: int) -> None:
    lines = numbered(40)
    changed = [*lines]
    changed[10], changed[10 + gap + 1] = b"x\n", b"y\n"
    diff = unified("m.py", b"".join(lines), b"".join(changed))
    assert diff.count(b"\n@@ ") == hunks
    agrees(repository, b"".join(lines), b"".join(changed))


def test_only_changed_lines_are_marked() -> None:
    lines = numbered(50)
    changed = [*lines[:20], b"new 1\n", b"new 2\n", *lines[20:40], *lines[41:]]
    diff = unified("m.py", b"".join(lines), b"".join(changed)).split(b"\n")
    assert [line for line in diff[2:] if line[:1] in (b"+", b"-")] == [b"+new 1", b"+new 2", b"-line 40"]


LINES = st.lists(st.sampled_from([b"\n", b"a\n", b"b\n", b"c\n", b"d\r\n", b"\x0c\n", b"e"]), max_size=30)


@given(before=LINES, after=LINES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_agrees_on_any_two_files(repository: Path, before: list[bytes], after: list[bytes]) -> None:
    old, new = b"".join(before), b"".join(after)
    if old != new:
        assert applied(repository, unified("any.py", old, new), {"any.py": old}) == {"any.py": new}


@given(
    before=st.lists(st.sampled_from([b"%d\n" % n for n in range(40)] + [b"\n"]), min_size=20, max_size=80),
    edits=st.lists(
        st.tuples(st.integers(0, 79), st.sampled_from([b"x\n", b"", b"\n", b"3\n4\n"])),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_agrees_on_a_few_edits(
    repository: Path, before: list[bytes], edits: list[tuple[int, bytes]]
) -> None:
    after = [*before]
    for place, line in edits:
        after[place % len(after)] = line
    old, new = b"".join(before), b"".join(after)
    if old != new:
        agrees(repository, old, new, "few.py")


def test_a_huge_file_of_equal_lines_takes_no_quadratic_time(repository: Path) -> None:
    lines = [b"pass\n"] * 20_000
    changed = [*lines[:10], b"first\n", *lines[10:19_000], b"last\n", *lines[19_000:]]
    started = time.process_time()
    diff = unified("m.py", b"".join(lines), b"".join(changed))
    # Far above what it takes, far below what comparing every line with every other takes.
    assert time.process_time() - started < 20
    assert applied(repository, diff, {"m.py": b"".join(lines)}) == {"m.py": b"".join(changed)}
