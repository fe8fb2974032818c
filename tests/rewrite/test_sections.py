"""New imports in functions and under TYPE_CHECKING stand as isort and ruff would have them."""

import textwrap
from pathlib import Path

from lazify.model.changes import AddImport, InsertBefore
from lazify.model.places import Span
from lazify.rewrite import rewrite

PATH = Path("/code/pkg/m.py")
NEW = "from pkg.z import q\nimport numpy as np\nimport abc\nfrom .x import y\n"


def inserted(code: str, *, before: str, new: str = NEW) -> str:
    text = textwrap.dedent(code).lstrip("\n")
    line = next(n for n, each in enumerate(text.splitlines(), 1) if each.strip() == before)
    column = text.splitlines()[line - 1].index(before)
    edit = InsertBefore(path=PATH, span=Span(line, column, line, column + len(before)), code=new)
    return rewrite(text, [edit])


def body(code: str) -> str:
    return textwrap.dedent(code.partition("\n")[2])


def test_new_imports_stand_in_sections() -> None:
    assert body(inserted("def f():\n    return 1\n", before="return 1")) == (
        "import abc\n\nimport numpy as np\n\nfrom pkg.z import q\n\nfrom .x import y\n\nreturn 1\n"
    )


def test_new_imports_join_those_that_are_sorted() -> None:
    code = "def f():\n    '''Doc.'''\n    import os\n\n    import click\n\n    return 1\n"
    assert body(inserted(code, before="import os")) == (
        "'''Doc.'''\nimport abc\nimport os\n\nimport click\nimport numpy as np\n\n"
        "from pkg.z import q\n\nfrom .x import y\n\nreturn 1\n"
    )


def test_imports_that_are_not_sorted_stay_where_they_are() -> None:
    code = "def f():\n    import click\n    import os\n    return 1\n"
    assert body(inserted(code, before="import click", new="import numpy\n")) == (
        "import numpy\nimport click\nimport os\nreturn 1\n"
    )


def test_imports_with_comments_stay_where_they_are() -> None:
    code = "def f():\n    import os\n    # why\n    import click\n    return 1\n"
    assert body(inserted(code, before="import os", new="import numpy\n")) == (
        "import numpy\nimport os\n# why\nimport click\nreturn 1\n"
    )


def test_imports_for_type_checkers_stand_in_sections() -> None:
    code = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from pkg.a import b\n"
    edits = [AddImport(path=PATH, module=name, name=None, is_typing=True) for name in ("torch", "wave")]
    assert rewrite(code, edits).partition("CHECKING:\n")[2] == (
        "    import wave\n\n    import torch\n\n    from pkg.a import b\n"
    )
