"""Folders do not tell how a project's modules are called: what its own imports say does."""

import pytest

from lazify.testing import check

HEAVY = {"heavy": ("fractions",)}
PATH = "import sys; sys.path.insert(0, 'src/python'); "
TOP = {
    "src/python/shop/__init__.py": "",
    "src/python/shop/index/__init__.py": "from .halves import Half\nfrom .other import other\n",
    "src/python/shop/index/halves.py": "import fractions\n\n\nclass Half(fractions.Fraction): ...\n",
    "src/python/shop/index/other.py": "def other():\n    return 1\n",
}
RUN = PATH + "import shop.base; print('fractions' in sys.modules, shop.base.half())"


@pytest.mark.parametrize("names", ["Half, other", "other, Half", "Half as Half, other"])
def test_what_takes_the_place_of_a_relative_import_is_relative(names: str) -> None:
    base = f"from .index import {names}\n\n\ndef half():\n    return Half(1, 2), other()\n"
    run = PATH + "import shop.base; print(shop.base.half())"
    outcome = check({**TOP, "src/python/shop/base.py": base}, flags=HEAVY, run=run)
    assert any("from .index.halves import Half" in text for text in outcome.files.values())


@pytest.mark.parametrize("taken", ["from shop.index import Half", "from shop import index"])
def test_a_name_that_nobody_imports_by_is_not_written(taken: str) -> None:
    used = "Half" if taken.endswith("Half") else "index.Half"
    base = f"{taken}\n\n\ndef half():\n    return {used}(1, 2)\n"
    run = PATH + "import shop.base; print(shop.base.half())"
    outcome = check({**TOP, "src/python/shop/base.py": base}, flags=HEAVY, run=run)
    assert not any("python.shop" in text for text in outcome.files.values())


def test_a_name_that_is_imported_by_is_written() -> None:
    files = {name.replace("src/python/", ""): text for name, text in TOP.items()}
    base = "from shop.index import Half, other\n\n\ndef half():\n    return Half(1, 2), other()\n"
    run = "import shop.base; print(shop.base.half())"
    outcome = check({**files, "shop/base.py": base}, flags=HEAVY, run=run)
    assert "from shop.index.halves import Half" in outcome.files["shop/base.py"]
