"""LZ202: a guard that asks for a part of a package that is there anyway is about its version, and stays."""

import pytest

from lazify.testing import check, refused

PARTS = """
    class Fraction: ...
    """
GUARD = """
    try:
        {imports}
        READY = True
    except ImportError:{comment}
        READY = False


    def half():
        return "half" if READY and {use} else "none"
    """


def project(imports: str, use: str, *, above: str = "", comment: str = "") -> dict[str, str]:
    """A module with a guard around a package, one part of which is missing."""
    guard = GUARD.format(imports=imports, use=use, comment=comment)
    return {
        "m.py": above + guard.replace("\n    ", "\n").lstrip("\n"),
        "vendor/parts/__init__.py": PARTS,
    }


RUN = "import sys; sys.path.insert(0, 'vendor'); import m; print(m.READY, m.half())"
HEAVY = {"heavy": ("parts",)}


@pytest.mark.parametrize("above", ["import parts", "import other", "from other import Third"])
def test_a_part_of_a_package_that_is_there_keeps_its_guard(above: str) -> None:
    files = project("from parts import Half", "Half", above=f"{above}\n\n")
    files["other.py"] = "import parts\n\n\nclass Third(parts.Fraction): ...\n"
    check(files, flags=HEAVY, run=RUN)
    refused(
        files,
        because="parts is imported without a guard: this one is about parts.Half",
        flags={**HEAVY, "select": ("LZ202",)},
    )


@pytest.mark.parametrize(
    ("imports", "because"),
    [
        (
            "from sklearn.utils._tags import ClassifierTags",
            "sklearn may be there without sklearn.utils._tags",
        ),
        ("import torch._dynamo as part", "torch may be there without torch._dynamo"),
        ("from numpy import _NoValue", "numpy._NoValue is private"),
    ],
)
def test_what_is_private_comes_and_goes_with_versions(imports: str, because: str) -> None:
    refused(project(imports, imports.rpartition(" ")[2]), because=because)


@pytest.mark.parametrize("comment", ["  # parts >= 2", "  # before 2.1", "  # an older version"])
def test_a_guard_that_speaks_of_versions_stays(comment: str) -> None:
    files = project("from parts import Half", "Half", comment=comment)
    refused(files, because="the guard speaks of a version of parts", flags=HEAVY)


def test_a_part_of_a_package_that_the_project_requires_keeps_its_guard() -> None:
    files = project("from parts import Half", "Half") | {"requirements.txt": "parts\n"}
    refused(files, because="the project requires parts: the guard is about parts.Half", flags=HEAVY)


@pytest.mark.parametrize("imports", ["import parts", "from parts import Fraction"])
def test_a_guard_that_asks_whether_a_package_is_there_goes(imports: str) -> None:
    files = project(imports, imports.rpartition(" ")[2])
    assert check(files, flags=HEAVY, run=RUN).plan.changes
