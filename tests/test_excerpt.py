"""An excerpt shows what is wanted, and can be undone."""

import random
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazify.excerpt import Excerpt, excerpt
from lazify.model.places import Span
from lazify.statements import Run, parse, split_lines

CODE = textwrap.dedent('''\
    """Doc."""
    import os

    # about f
    @dec
    def f():
        # first
        a = 1
        # deeper follows
        if a:
            b = 2
                # deeper still

        # about c
        c = """
    d"""


    x = f(); y = 2
    class A:
        m = 1

        @property
        def n(self): return 1
    # end
    ''')


def shown(
    text: str, wanted: Callable[[Run], bool], opened: Callable[[Run], bool] = lambda _: True
) -> Excerpt:
    return excerpt(text, parse(text), wanted, opened)


def touching(*lines: int) -> Callable[[Run], bool]:
    return lambda run: any(run.first <= line <= run.last for line in lines)


def test_runs_that_are_not_wanted_are_one_name() -> None:
    assert shown(CODE, touching(19)).text == textwrap.dedent("""\
        __lazify_fold_0_to_def__


        x = f(); y = 2
        __lazify_fold_1_from_def_to_def__
        """)


def test_a_name_tells_whether_what_it_stands_for_starts_with_an_import() -> None:
    assert shown("import os\nx = 1\ny = 2\n", touching(3)).text == "__lazify_fold_0_from_import__\ny = 2\n"


def test_the_same_is_done_inside_of_blocks_that_are_wanted() -> None:
    assert shown(CODE, touching(11)).text == textwrap.dedent("""\
        __lazify_fold_0__

        # about f
        @dec
        def f():
            # first
            __lazify_fold_1__
            # deeper follows
            if a:
                b = 2
                    # deeper still

            # about c
            __lazify_fold_2__


        __lazify_fold_3_to_def__
        """)


def test_blocks_that_are_not_opened_are_shown_whole() -> None:
    result = shown(CODE, touching(11), lambda _: False).text
    assert CODE[CODE.index("# about f") : CODE.index("\n\n\nx")] in result


def test_what_follows_the_last_statement_is_kept_apart() -> None:
    assert shown(CODE, touching(19)).tail == "# end\n"
    assert shown("# only\n", touching(1)).text == "# only\n"


def test_lines_are_found_again_unless_they_are_folded() -> None:
    found = shown(CODE, touching(19))
    assert found.locate(Span(19, 4, 19, 5)) == Span(4, 4, 4, 5)
    assert found.locate(Span(7, 4, 7, 5)) is None
    assert found.locate(Span(19, 0, 20, 1)) is None
    assert found.locate(Span(99, 0, 99, 1)) is None


def test_form_feeds_before_code_are_put_aside() -> None:
    text = "a = 1\n\f\fb = 2\n"
    found = shown(text, lambda _: True)
    assert found.locate(Span(2, 2, 2, 3)) == Span(3, 0, 3, 1)
    assert found.restore(found.text) == text


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def f(): ...", "__lazify_fold_0_from_stub_to_stub__"),
        ("@a\ndef f():\n    pass", "__lazify_fold_0_from_decorator_to_def__"),
        ("class A:\n    def f(self): ...", "__lazify_fold_0_from_def_to_stub__"),
        ("try:\n    a\nexcept E:\n    def f():\n        pass", "__lazify_fold_0_to_def__"),
        ("if a:\n    pass\nelif b:\n    class C:\n        pass", "__lazify_fold_0_to_def__"),
        ("match a:\n    case 1:\n        def f():\n            pass", "__lazify_fold_0_to_def__"),
        ("def f():\n    ...", "__lazify_fold_0_from_stub_to_stub__"),
        ("a = 1", "__lazify_fold_0__"),
    ],
)
def test_a_name_tells_where_blank_lines_belong(code: str, name: str) -> None:
    assert shown(f"{code}\n", lambda _: False).text == f"{name}\n"


@pytest.mark.parametrize("folder", ["email", "json", "importlib", "unittest"])
def test_whatever_is_folded_comes_back(folder: str) -> None:
    chance = random.Random(folder)
    for path in sorted((Path(shutil.__file__).parent / folder).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found = shown(text, lambda _: chance.random() < 0.4)
        assert found.restore(found.text) + found.tail == text
        parse(found.text)
        for number, index in found.places.items():
            assert found.lines[index] == split_lines(text)[number - 1]


PIECES = (
    "a = 1\n",
    "if a:\n    b\n    # c\n",
    "# d\n",
    "\n",
    "x = 1; y = 2\n",
    "\f\n",
    "class A: pass\n",
    "z = 1 \\\n\n",
    "    # e\n",
)


@given(
    st.lists(st.sampled_from(PIECES)),
    st.sampled_from(["", "last = 1", "# last"]),
    st.sets(st.integers(1, 30)),
)
@settings(max_examples=200, deadline=None)
def test_any_choice_can_be_undone(pieces: list[str], end: str, lines: set[int]) -> None:
    text = "".join(pieces) + end
    found = shown(text, touching(*lines))
    assert found.restore(found.text) + found.tail == text
    parse(found.text)
