"""Whatever is inserted wherever, the layout is Black's, or nobody else's lines change."""

from hypothesis import given
from hypothesis import settings as fuzz
from hypothesis import strategies as st

from lazify.format import Settings, format_changed
from tests.format.samples import BROKEN, LONG, laid_out

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
@fuzz(max_examples=80)
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
@fuzz(max_examples=80)
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
@fuzz(max_examples=60)
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
@fuzz(max_examples=50)
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
