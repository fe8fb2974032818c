"""AddImport puts an import where a person would have put it."""

import pytest

from lazify.rewrite import rewrite
from lazify.statements import parse
from tests.rewrite.editing import Source, add, source


@pytest.mark.parametrize(
    "text",
    [
        "import threading\n",
        "import os, threading\n",
        "import os\nx = 1\nimport threading\n",
        "import threading as threading\n",
        "x = 1; import threading\n",
        "import threading.local\n",
        "lazy import threading\n",
    ],
)
def test_an_import_that_is_there_is_not_added(text: str) -> None:
    Source(text).becomes(text, add("threading"))


@pytest.mark.parametrize(
    "text",
    [
        "from m import n\n",
        "from m import (a, n)\n",
        "from m import n as n\n",
        "from m import a\nfrom m import n\n",
    ],
)
def test_a_name_that_is_imported_is_not_added(text: str) -> None:
    Source(text).becomes(text, add("m", "n"))


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("import threading as t\n", "another name"),
        ("try:\n    import threading\nexcept ImportError:\n    pass\n", "in a try"),
        ("if a:\n    import threading\n", "in an if"),
        ("def f():\n    import threading\n", "in a function"),
        ("import threadings\n", "another module"),
        ("from threading import *\n", "a star"),
        ("from threading import threading\n", "a name"),
        ("import x as threading\n", "another module under the name"),
    ],
)
def test_an_import_that_does_not_serve_is_not_enough(text: str, because: str) -> None:
    assert "import threading\n" in rewrite(text, [add("threading")]).replace(text, ""), because


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nimport sys\nimport time\n", "import os\nimport sys\nimport threading\nimport time\n"),
        ("import a\nimport zlib\n", "import a\nimport threading\nimport zlib\n"),
        ("import zlib\n", "import threading\nimport zlib\n"),
        ("import os\nfrom abc import ABC\n", "import os\nimport threading\nfrom abc import ABC\n"),
        (
            "from abc import ABC\nimport os\nfrom typing import Any\n",
            "from abc import ABC\nimport os\nimport threading\nfrom typing import Any\n",
        ),
        ("import zlib\nimport os\nimport sys\n", "import zlib\nimport os\nimport sys\nimport threading\n"),
        ("import os\n\nimport requests\n", "import os\nimport threading\n\nimport requests\n"),
        ("import requests\n", "import threading\n\nimport requests\n"),
        ("import requests\n\nfrom . import a\n", "import threading\n\nimport requests\n\nfrom . import a\n"),
        ("import os, sys\nimport zlib\n", "import os, sys\nimport threading\nimport zlib\n"),
        (
            "import os  # c\n# about zlib\nimport zlib\n",
            "import os  # c\nimport threading\n# about zlib\nimport zlib\n",
        ),
        ("# Standard library\nimport zlib\n", "# Standard library\nimport threading\nimport zlib\n"),
        ("x = 1\n\n# needed by x\nimport zlib\n", "x = 1\n\nimport threading\n# needed by x\nimport zlib\n"),
    ],
)
def test_an_import_goes_to_its_sorted_place(before: str, after: str) -> None:
    Source(before).becomes(after, add("threading"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\n\nimport requests\n", "import os\n\nimport requests\nfrom attrs import define\n"),
        ("import os\n", "import os\n\nfrom attrs import define\n"),
        ("import os\n\nfrom . import a\n", "import os\n\nfrom attrs import define\n\nfrom . import a\n"),
        ("from attrs import field\n", "from attrs import define, field\n"),
        ("from attrs import asdict\n", "from attrs import asdict, define\n"),
        ("from attrs import (asdict)\n", "from attrs import (asdict, define)\n"),
        (
            "from attrs import (\n    asdict,\n    field,\n)\n",
            "from attrs import (\n    asdict,\n    define,\n    field,\n)\n",
        ),
        ("from attrs import (\n    a,\n    b,\n)\n", "from attrs import (\n    a,\n    b,\n    define,\n)\n"),
        ("from attrs import (\n    a,\n    b\n)\n", "from attrs import (\n    a,\n    b,\n    define\n)\n"),
        (
            "from attrs import (\n    a,  # A\n    b,\n)\n",
            "from attrs import (\n    a,  # A\n    b,\n)\nfrom attrs import define\n",
        ),
        ("from attrs import zz, aa\n", "from attrs import zz, aa, define\n"),
        ("from attrs import *\n", "from attrs import *\nfrom attrs import define\n"),
    ],
)
def test_a_name_joins_an_import_of_its_module_or_goes_to_its_section(before: str, after: str) -> None:
    Source(before).becomes(after, add("attrs", "define"))


def test_names_are_sorted_as_constants_classes_functions() -> None:
    Source("from typing import Any, cast\n").becomes(
        "from typing import TYPE_CHECKING, Any, cast\n", add("typing", "TYPE_CHECKING")
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", "import threading\n\nx = 1\n"),
        ("", "import threading\n"),
        ("# only a comment\n", "# only a comment\n\nimport threading\n"),
        ('"""Doc."""\n', '"""Doc."""\n\nimport threading\n'),
        ('"""Doc."""\nx = 1\n', '"""Doc."""\n\nimport threading\n\nx = 1\n'),
        ('"""Doc."""\n\n\ndef f():\n    pass\n', '"""Doc."""\n\nimport threading\n\n\ndef f():\n    pass\n'),
        ("def f():\n    pass\n", "import threading\n\n\ndef f():\n    pass\n"),
        (
            "from __future__ import annotations\n\nx = 1\n",
            "from __future__ import annotations\n\nimport threading\n\nx = 1\n",
        ),
        (
            "from __future__ import annotations\nimport os\n",
            "from __future__ import annotations\nimport os\nimport threading\n",
        ),
        (
            "#!/bin/python\n# coding: utf-8\nx = 1\n",
            "#!/bin/python\n# coding: utf-8\nimport threading\n\nx = 1\n",
        ),
        (
            "# Copyright A\n# more\n\n# about x\nx = 1\n",
            "# Copyright A\n# more\n\nimport threading\n\n# about x\nx = 1\n",
        ),
        ("# Copyright A\nx = 1\n", "# Copyright A\nimport threading\n\nx = 1\n"),
        ("# about x\nx = 1\n", "import threading\n\n# about x\nx = 1\n"),
        ("# Copyright A\nimport zlib\n", "# Copyright A\nimport threading\nimport zlib\n"),
        ("\n\nx = 1\n", "import threading\n\n\nx = 1\n"),
        ("x = 1", "import threading\n\nx = 1"),
        (
            "try:\n    import a\nexcept ImportError:\n    a = None\n",
            "import threading\n\ntry:\n    import a\nexcept ImportError:\n    a = None\n",
        ),
        (
            "try:\n    import a\nexcept ImportError:\n    a = None\nimport os\n",
            "try:\n    import a\nexcept ImportError:\n    a = None\nimport os\nimport threading\n",
        ),
        ("if TYPE_CHECKING:\n    import a\n", "import threading\n\nif TYPE_CHECKING:\n    import a\n"),
    ],
)
def test_the_first_import_goes_below_what_heads_the_file(before: str, after: str) -> None:
    Source(before).becomes(after, add("threading"))


def test_an_import_below_the_code_that_needs_it_is_not_enough() -> None:
    text = source("""
        import os

        a = 1
        x = Foo()
        import threading
        """)
    text.becomes(
        """
        import os
        import threading

        a = 1
        lock = threading.Lock()
        import threading
        """,
        text.replace("x = Foo()", "lock = threading.Lock()"),
        add("threading"),
    )


def test_an_import_between_other_code_and_the_code_that_needs_it_is_enough() -> None:
    text = source("""
        import os
        sys.path.insert(0, "..")
        import threading
        x = Foo()
        """)
    text.becomes(
        text.text.replace("x = Foo()", "lock = threading.Lock()"),
        text.replace("x = Foo()", "lock = threading.Lock()"),
        add("threading"),
    )


def test_an_import_that_is_erased_in_the_same_go_does_not_count() -> None:
    text = source("import threading as t, os\nimport threading\n")
    text.becomes(
        "import threading as t, os\nimport threading\n", text.erase("threading", 1), add("threading")
    )


def test_code_above_the_import_block_gets_its_import_at_the_top() -> None:
    text = source('"""Doc."""\n\nx = Foo()\n\nimport os\n')
    text.becomes(
        '"""Doc."""\n\nimport threading\n\nx = threading.Lock()\n\nimport os\n',
        text.replace("Foo()", "threading.Lock()"),
        add("threading"),
    )


def test_several_imports_are_added_once_each() -> None:
    text = source("import os\n\nx = 1\n")
    text.becomes(
        "import os\nimport threading\nfrom typing import TYPE_CHECKING, Any\n\nx = 1\n",
        add("threading"),
        add("typing", "Any"),
        add("threading"),
        add("typing", "TYPE_CHECKING"),
    )


def test_a_dotted_module_binds_its_first_part() -> None:
    Source("import importlib\n").becomes("import importlib\nimport importlib.util\n", add("importlib.util"))
    Source("import importlib.util\n").becomes("import importlib.util\n", add("importlib"))


def test_a_relative_import_goes_last() -> None:
    Source("import os\n\nimport requests\n").becomes(
        "import os\n\nimport requests\n\nfrom .m import n\n", add(".m", "n")
    )


def test_the_import_follows_the_newlines_of_the_file() -> None:
    Source("import os\r\nx = 1\r\n").becomes("import os\r\nimport threading\r\nx = 1\r\n", add("threading"))


def test_an_import_never_follows_a_future_import_that_is_needed_first() -> None:
    text = '"""Doc."""\nfrom __future__ import annotations\n# c\n\nimport zlib\n'
    result = rewrite(text, [add("threading")])
    assert result == text.replace("import zlib", "import threading\nimport zlib")
    parse(result)
