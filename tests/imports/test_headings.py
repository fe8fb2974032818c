"""Comments that head a section of imports, and those that only begin so."""

import pytest

from lazify.testing import check


@pytest.mark.parametrize(
    "comment",
    [
        "# Import the exact one",
        "# Python has no other decimal numbers than these, so we need them",
        "# Local figures are decimal",
    ],
)
def test_a_comment_that_begins_like_a_heading_goes_along(comment: str) -> None:
    before = f"import os\n\n{comment}\nimport decimal\n\n\ndef f():\n    return decimal.Decimal(1)\n"
    outcome = check({"a.py": before}, flags={"heavy": ("decimal",)}, run="import a; print(a.f())")
    assert f"def f():\n    {comment}\n    import decimal\n" in outcome.files["a.py"]


@pytest.mark.parametrize(
    "comment",
    [
        "# Third-party imports",
        "# --- standard library ---",
        "# 3rd party",
        "# Local application/library specific imports.",
        "# %% ../nbs/01_core.ipynb #a216c4e8",
        "# In[2]:",
    ],
)
def test_a_heading_does_not_go_along(comment: str) -> None:
    before = f"import os\n\n{comment}\nimport decimal\n\n\ndef f():\n    return decimal.Decimal(1)\n"
    outcome = check({"a.py": before}, flags={"heavy": ("decimal",)}, run="import a; print(a.f())")
    assert (
        outcome.files["a.py"]
        == "import os\n\n\ndef f():\n    import decimal\n\n    return decimal.Decimal(1)\n"
    )


def test_what_editors_fold_keeps_both_ends() -> None:
    before = "# region imports\nimport decimal\n# endregion\n\n\ndef f():\n    return decimal.Decimal(1)\n"
    outcome = check(
        {"a.py": f"import os\n\n{before}"}, flags={"heavy": ("decimal",)}, run="import a; print(a.f())"
    )
    text = outcome.files["a.py"]
    assert "# region imports\n" in text and "\n# endregion\n" in text
    assert "def f():\n    import decimal\n" in text
