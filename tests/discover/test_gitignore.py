"""git itself is the oracle."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lazify.discover.gitignore import Patterns, parse_patterns, read_patterns

FILES = (
    *("b", "ab", "a.py", "b.pyc", "abc.py", "[x]", "a b", "t ", "#a", "!a", "x*", "x", "-", "]", "é.py", "B"),
    *(
        "a/b",
        "a/a.py",
        "a/c/d/b.py",
        "a/c/a/b",
        "c/a/b",
        "c/a.py",
        "build/b",
        "c/build",
        "d/b/c/a/x.py",
        "a\\b",
    ),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", root], check=True)
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def entries() -> list[str]:
    folders = {str(folder) for name in FILES for folder in Path(name).parents if folder.name}
    return [*FILES, *(f"{folder}/" for folder in sorted(folders))]


def ignored_by_git(repository: Path, lines: Sequence[str]) -> set[str]:
    (repository / ".gitignore").write_text("\n".join(lines) + "\n")
    command = ["git", "check-ignore", "--no-index", "-v", "-z", "--stdin"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    asked = "".join(f"{entry.rstrip('/')}\0" for entry in entries())
    done = subprocess.run(
        command, cwd=repository, input=asked.encode(), capture_output=True, env=environment, check=False
    )
    fields = done.stdout.decode().split("\0")
    return {
        path for pattern, path in zip(fields[2::4], fields[3::4], strict=True) if not pattern.startswith("!")
    }


def ignored_by_walking(patterns: Patterns, entry: str) -> bool:
    """Ask about each folder on the way, as the walk does, then about the entry."""
    folders = [f"{folder}/" for folder in reversed(Path(entry).parents) if folder.name]
    return any(patterns.ignores(each) for each in [*folders, entry])


def same_as_git(repository: Path, lines: Sequence[str]) -> None:
    patterns = parse_patterns(lines)
    ours = {entry.rstrip("/") for entry in entries() if ignored_by_walking(patterns, entry)}
    assert ours == ignored_by_git(repository, lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["a"],
        ["a/"],
        ["/a"],
        ["b"],
        ["*.py", "!a.py"],
        ["*.py", "!a/"],
        ["/*", "!/a", "!/c/"],
        ["a/*", "!a/b"],
        ["a/**"],
        ["**/b"],
        ["a/**/b"],
        ["**"],
        ["**/"],
        ["a/b"],
        ["c/a"],
        ["x*"],
        [r"x\*"],
        ["[x]"],
        [r"\[x\]"],
        ["[!a].py", "[^b]*"],
        ["[a-c]*.py"],
        ["[c-a]b"],
        ["[]-]"],
        ["[[:alpha:]]b"],
        ["[[:nonsense:]]"],
        ["[a"],
        ["a[/]b"],
        ["a?b"],
        ["a b"],
        ["t "],
        [r"t\ "],
        ["b   "],
        [r"\#a", "# a"],
        [r"\!a"],
        ["!"],
        ["/"],
        ["//"],
        ["b\\"],
        ["é.py"],
        ["***/b", "a***"],
        ["a/**b"],
        ["build/", "!build/b"],
        [r"a\\b"],
    ],
    ids=" ".join,
)
def test_each_pattern_ignores_what_git_ignores(repository: Path, lines: list[str]) -> None:
    same_as_git(repository, lines)


@settings(max_examples=60)
@given(st.lists(st.text("ab*?/![]-\\.cpy ^#:", min_size=1, max_size=7), min_size=1, max_size=3))
def test_any_pattern_ignores_what_git_ignores(repository: Path, lines: list[str]) -> None:
    # `a**/b`: git before 2.41 reads beside the pattern there; the manual calls it a plain asterisk
    assume(not any(re.search(r"[^/*]\*\*+(/|$)", line) for line in lines))
    same_as_git(repository, lines)


def test_carriage_returns_and_a_byte_order_mark_are_no_part_of_a_pattern(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\r\nb.py\r\n")
    patterns = read_patterns(tmp_path / ".gitignore")
    assert patterns.ignores("a.py")
    assert patterns.ignores("b.py")


def test_bytes_that_are_no_utf8_still_match(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"caf\xe9.py\n")
    assert read_patterns(tmp_path / ".gitignore").ignores(os.fsdecode(b"caf\xe9.py"))


def test_a_missing_or_unreadable_file_says_nothing(tmp_path: Path) -> None:
    assert read_patterns(tmp_path / ".gitignore") == Patterns(())
    assert read_patterns(tmp_path) == Patterns(())
