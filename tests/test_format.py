"""What lazify wrote is laid out as the project wants it, and nothing else."""

from pathlib import Path

import black
import pytest
from hypothesis import given
from hypothesis import settings as fuzz
from hypothesis import strategies as st

from lazify.format import Settings, format_changed, settings

LONG = 'value = make("aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccc", 1)\n'
BROKEN = """\
value = make(
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "cccccccccccccccccccccc",
    1,
)
"""


def laid_out(text: str, length: int = 88) -> str:
    return black.format_str(text, mode=black.Mode(line_length=length))


def test_a_file_that_black_made_is_so_again() -> None:
    before = "import os\n\nx = 1\n\n\ndef f():\n    return x\n"
    after = before.replace("x = 1\n", LONG)
    assert format_changed(before, after, Settings()) == before.replace("x = 1\n", BROKEN)


def test_blank_lines_are_put_where_black_wants_them() -> None:
    before = "import os\n\nx = 1\ny = 2\n"
    after = before.replace("x = 1\n", "def f():\n    pass\n")
    assert format_changed(before, after, Settings()) == "import os\n\n\ndef f():\n    pass\n\n\ny = 2\n"


def test_nothing_is_done_where_nothing_changed() -> None:
    text = "x  =  1\n"
    assert format_changed(text, text, Settings()) == text


def test_a_file_in_another_style_keeps_it() -> None:
    before = "x = {  'a':1 }\ny = 'b'\ndef f( a ): return x\n"
    after = before.replace("return x", "return get_x( )").replace("y = 'b'", "y = 'c'  ;  z = 'd'")
    assert format_changed(before, after, Settings()) == after


def test_a_new_line_that_is_too_long_is_broken_in_a_file_of_another_style() -> None:
    before = "x = {  'a':1 }\nz = 'b'\n"
    after = before.replace("z = 'b'\n", LONG.replace('"', "'"))
    expected = before.replace("z = 'b'\n", BROKEN.replace('"', "'"))
    assert format_changed(before, after, Settings(is_configured=True)) == expected


def test_a_project_without_settings_may_be_as_wide_as_it_is() -> None:
    before = f"# {'wide' * 27}\nx = {{  'a':1 }}\nz = 'b'\n"
    after = before.replace("z = 'b'\n", LONG)
    assert format_changed(before, after, Settings()) == after
    assert format_changed(before, after, Settings(is_configured=True)) != after


def test_an_old_line_is_not_touched_though_it_is_too_long() -> None:
    before = f"x = {{  'a':1 }}\n{LONG}z = 1\n"
    after = before.replace("z = 1", "z = get_z()")
    assert format_changed(before, after, Settings()) == after


def test_a_statement_of_old_and_new_lines_is_left_alone_in_a_file_of_another_style() -> None:
    before = "x = {  'a':1 }\ncall(a,\n     b, 'c',\n     d)\n"
    after = before.replace("b, 'c',", "b, 'c', " + "get_the_value_that_is_long(), " * 4)
    assert format_changed(before, after, Settings(is_configured=True)) == after


def test_a_line_that_was_too_long_before_may_stay_so() -> None:
    before = f"x = {{  'a':1 }}\n{LONG}"
    after = before.replace("make(", "get_make()(")
    assert format_changed(before, after, Settings(is_configured=True)) == after


def test_imports_that_only_changed_a_name_stay_together() -> None:
    before = "from a import x\nfrom b import y\nfrom c import z\n\nv = 1\n"
    after = (
        before.replace("import x", "import get_x")
        .replace("import z", "import get_z")
        .replace("v = 1\n", LONG)
    )
    assert format_changed(before, after, Settings()) == after.replace(LONG, BROKEN)


def test_windows_newlines_stay() -> None:
    before = "import os\r\n\r\nx = 1\r\n"
    after = before.replace("x = 1\r\n", LONG.replace("\n", "\r\n"))
    assert format_changed(before, after, Settings()) == before.replace(
        "x = 1\r\n", BROKEN.replace("\n", "\r\n")
    )


@pytest.mark.parametrize("newlines", [("\n", "\r\n"), ("\r", "\r"), ("\r\n", "\r")])
def test_files_with_other_newlines_are_left_alone(newlines: tuple[str, str]) -> None:
    before = "x = 1{}y = 2{}".format(*newlines)
    after = before.replace("x = 1", LONG.rstrip())
    assert format_changed(before, after, Settings()) == after


def test_files_with_tabs_are_left_alone() -> None:
    before = "def f():\n\tx = 1\n\treturn x\n"
    after = before.replace("x = 1\n", LONG)
    assert format_changed(before, after, Settings(is_configured=True)) == after
    assert format_changed(before, after, Settings(indents_with_tabs=True)) == after


def test_a_file_that_black_cannot_read_is_left_alone() -> None:
    before = "x = 1\n"
    assert format_changed(before, "print 1\n", Settings()) == "print 1\n"
    assert format_changed("print 1\n", "x   = 1\n", Settings()) == "x   = 1\n"


def test_code_between_switches_is_left_alone() -> None:
    before = "# fmt: off\na  =  1\nx = 1\n# fmt: on\ny = 2\n"
    after = before.replace("x = 1", "x   =   get( )")
    assert format_changed(before, after, Settings()) == after


def test_a_skipped_line_is_left_alone() -> None:
    before = "a  =  1  # fmt: skip\nx = 1\n"
    after = "a  =  get( )  # fmt: skip\nx = 1\n"
    assert format_changed(before, after, Settings()) == after


def test_lazy_imports_are_no_hindrance() -> None:
    before = "lazy import a\n\nx = 1\n"
    assert format_changed(before, before.replace("x = 1\n", LONG), Settings()) == f"lazy import a\n\n{BROKEN}"


def test_the_versions_in_use_are_told_from_the_whole_file() -> None:
    """Only where every version can read it may a comma follow `**options`."""
    call = 'value = make("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", **options_that_are)\n'
    for head in (
        "x = 1\n\n\ndef f():\n    return x\n\n\na = 1\nb = 2\nc = 3\n",
        'x = f"{y}"\na = 1\nb = 2\nc = 3\nd = 4\n',
    ):
        before = head + "z = 1\n"
        after = head + call
        assert format_changed(before, after, Settings()) == laid_out(after)


NAMES = (
    "x",
    "m.x",
    "x.a.b()",
    "f(x)",
    "x ** 2",
    "x[x:1]",
    "x[x]",
    "not x",
    "(x, 1)",
    "[x]",
    "x if x else y",
    "(lambda: x)",
    "await_(x)",
)
LINES = (
    "y = {}",
    "return {}",
    "if {}:",
    "for i in {}:",
    "with {} as z:",
    "assert {}, x",
    "f({}, k={})",
    "y: x = {}",
    's = f"{{{}}}"',
)


@given(
    st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(NAMES)), min_size=1, max_size=5),
    st.integers(1, 40),
)
@fuzz(max_examples=80, deadline=None)
def test_call_sites_are_as_black_wants_them_though_it_is_not_asked(
    statements: list[tuple[str, str]], width: int
) -> None:
    name = "x" * width
    body = ["def f():"]
    for line, value in statements:
        code = line.format(value, value).replace("x", name)
        body += [f"    {code}", *(["        pass"] if code.endswith(":") else [])]
    before = laid_out("\n".join(body) + "\n")
    after = before.replace(name, f"get_{name}()").replace(f": get_{name}() = ", f": {name} = ")
    assert format_changed(before, after, Settings()) == laid_out(after)


def test_settings_are_followed() -> None:
    before = "x = 'a'\n"
    after = "x = make('aaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbb')\n"
    short = Settings(line_length=40, string_normalization=False)
    broken = "x = make(\n    'aaaaaaaaaaaaaaa',\n    'bbbbbbbbbbbbbbbbb',\n)\n"
    assert format_changed(before, after, short) == broken


METHODS = (
    "    a = 1\n",
    "    def f(self):\n        return 1\n",
    "    @property\n    def g(self):\n        return make(x, y)\n",
    "    # comment\n",
    "\n",
    "    class Inner:\n        b = 1\n\n        def h(self): ...\n",
    "    if a:\n        def i(self):\n            pass\n    else:\n        import j\n",
    "    @overload\n    def k(self): ...\n    @overload\n    def k(self, a): ...\n",
    "    import os\n",
    f"    {LONG}",
    '    """A string."""\n',
    "    async def l(self):\n        def m(): pass\n        return m\n",
)


@given(
    st.lists(st.sampled_from(METHODS), min_size=1, max_size=12),
    st.integers(0, 200),
    st.sampled_from(METHODS),
    st.booleans(),
)
@fuzz(max_examples=80, deadline=None)
def test_a_class_that_black_made_is_always_so_again(
    pieces: list[str], place: int, new: str, has_more: bool
) -> None:
    before = laid_out("class A(B):\n    c = 0\n" + "".join(pieces) + "\n\ny = 1\n" * has_more)
    lines = before.splitlines(keepends=True)
    starts = [
        n
        for n, line in enumerate(lines)
        if line.startswith("    ") and line[4] not in " )#@\n" and "else" not in line
    ]
    where = starts[place % len(starts)]
    after = "".join([*lines[:where], new, *lines[where:]])
    try:
        compile(after, "after", "exec")
    except SyntaxError:
        return
    assert format_changed(before, after, Settings()) == laid_out(after)


PIECES = (
    "x = 1\n",
    LONG,
    BROKEN,
    "def f():\n    return 1\n",
    "class A:\n    a = 1\n\n    def f(self):\n        return 1\n",
    "import os\n",
    "# comment\n",
    "\n",
    "if a:\n    import b\n\n    x = b\nelse:\n    x = 2\n",
    "@overload\ndef g(a): ...\n@overload\ndef g(b): ...\n",
    '"""A string."""\n',
    "try:\n    pass\nfinally:\n\n    def h():\n        pass\n",
    "for i in b:\n    pass\n# trailing\n",
)


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12),
    st.integers(0, 11),
    st.sampled_from(PIECES),
    st.booleans(),
)
@fuzz(max_examples=60, deadline=None)
def test_a_file_that_black_made_is_always_so_again(
    pieces: list[str], place: int, new: str, inserts: bool
) -> None:
    before = laid_out("".join(pieces))
    lines = [*laid_out("".join(pieces)).splitlines(keepends=True)]
    starts = [
        n
        for n, line in enumerate(lines)
        if line[:1] not in (" ", "\n", ")", "#", "@") and not line.startswith(("else", "finally"))
    ]
    where = starts[place % len(starts)] if starts else 0
    after = "".join([*lines[:where], new, *lines[where:]])
    try:
        compile(after, "after", "exec")
    except SyntaxError:
        return
    assert format_changed(before, after, Settings()) == laid_out(after)


@given(
    st.lists(
        st.sampled_from(
            [
                *(piece for piece in PIECES if "aaa" not in piece),
                "a  =  1\n",
                "b = ( 'c' )\n",
                "def k( a ): pass\n",
            ]
        ),
        max_size=12,
    ),
    st.integers(0, 11),
)
@fuzz(max_examples=50, deadline=None)
def test_only_written_lines_change_in_a_file_of_another_style(pieces: list[str], place: int) -> None:
    pieces = ["style  =  'odd'\n", *pieces]
    place = 1 + place % len(pieces)
    before = "".join(pieces)
    after = "".join([*pieces[:place], LONG, *pieces[place:]])
    result = format_changed(before, after, Settings(is_configured=True))
    head, tail = "".join(pieces[:place]), "".join(pieces[place:])
    assert result.startswith(head)
    assert result.endswith(tail)
    assert result.removeprefix(head).removesuffix(tail).strip("\n") in (LONG.strip(), BROKEN.strip())


def project(tmp_path: Path, **files: str) -> Path:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "service"
    root.mkdir()
    for name, text in files.items():
        (tmp_path / name.replace("__", "/")).with_suffix(".toml").write_text(text)
    return root


def test_a_project_that_says_nothing_gets_black_as_it_is(tmp_path: Path) -> None:
    assert settings(project(tmp_path, service__pyproject="[project]\nname = 'a'\n")) == Settings()


def test_the_settings_of_black_are_read(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        service__pyproject="[tool.black]\nline-length = 100\nskip-string-normalization = true\n"
        "skip_magic_trailing_comma = true\ntarget-version = ['py311', 'py999']\npreview = true\n"
        "[tool.ruff]\nline-length = 50\n",
    )
    assert settings(root) == Settings(
        line_length=100,
        string_normalization=False,
        magic_trailing_comma=False,
        target_versions=frozenset({"py311"}),
        preview=True,
        is_configured=True,
    )


def test_the_settings_of_ruff_are_read(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        service__pyproject="[tool.ruff]\nline-length = 100\ntarget-version = 'py312'\n"
        "[tool.ruff.format]\nquote-style = 'single'\nindent-style = 'tab'\nskip-magic-trailing-comma = true\n",
    )
    assert settings(root) == Settings(
        line_length=100,
        string_normalization=False,
        magic_trailing_comma=False,
        target_versions=frozenset({"py312"}),
        is_configured=True,
        indents_with_tabs=True,
    )


def test_versions_come_from_what_the_project_requires(tmp_path: Path) -> None:
    found = settings(
        project(tmp_path, service__pyproject="[project]\nrequires-python = '>=3.12'\n[tool.black]\n")
    )
    assert {"py312", "py313"} <= found.target_versions
    assert "py311" not in found.target_versions


def test_the_repository_counts_where_the_service_says_nothing(tmp_path: Path) -> None:
    root = project(
        tmp_path, pyproject="[tool.black]\nline-length = 99\n", service__pyproject="[project]\nname = 'a'\n"
    )
    assert settings(root).line_length == 99


def test_what_lies_outside_the_repository_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 99\n")
    root = tmp_path / "service"
    root.mkdir()
    assert settings(root) == Settings()


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "tool = 1\n",
        "[tool]\nblack = 3\n",
        "[tool.black]\nline-length = 'wide'\ntarget-version = 7\n",
        "[tool.ruff]\nformat = 1\n",
    ],
)
def test_a_broken_project_file_says_nothing(tmp_path: Path, text: str) -> None:
    found = settings(project(tmp_path, service__pyproject=text))
    assert (found.line_length, found.target_versions) == (88, frozenset())
