"""What lazify wrote is laid out as the project wants it, and nothing else."""

import pytest

from lazify.format import Settings, format_changed
from tests.format.samples import BROKEN, LONG, laid_out


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


WITH_NOQA = """\
def f():
    from package.of_the_project.transport import client_that_is_safe  # noqa: PLC0415

    return client_that_is_safe
"""
OPENED = """\
def f():
    from package.of_the_project.deeper.transport import (  # noqa: PLC0415
        client_that_is_safe,
    )

    return client_that_is_safe
"""


@pytest.mark.parametrize("other", ["", "x  =  1\n"], ids=["made by Black", "in another style"])
def test_a_comment_for_linters_stays_on_the_first_line_of_a_broken_import(other: str) -> None:
    before, after = WITH_NOQA, WITH_NOQA.replace("project.", "project.deeper.")
    assert format_changed(other + before, other + after, Settings(is_configured=True)) == other + OPENED


def test_a_comment_for_linters_is_no_reason_to_break_a_line_that_fits() -> None:
    after = WITH_NOQA.replace("project.", "other.")
    assert format_changed(WITH_NOQA, after, Settings()) == after


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


def test_what_lazify_wrote_is_no_sign_of_a_newer_python() -> None:
    """An f-string would show that a comma may follow `**options`, where the file leaves it open."""
    before = """def make(options):
    return call(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        **options
    )
"""
    after = before.replace("options):\n", "options):\n    import a\n\n")
    wanted = after + '\n\ndef ask(name):\n    raise Error(f"no {name!r}")\n'
    assert format_changed(before, wanted.replace('")', '" )'), Settings()) == wanted


def test_settings_are_followed() -> None:
    before = "x = 'a'\n"
    after = "x = make('aaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbb')\n"
    short = Settings(line_length=40, string_normalization=False)
    broken = "x = make(\n    'aaaaaaaaaaaaaaa',\n    'bbbbbbbbbbbbbbbbb',\n)\n"
    assert format_changed(before, after, short) == broken
