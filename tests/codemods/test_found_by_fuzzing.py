"""Programs that fuzzing drew and reduced: `check` runs both trees, and lazify a second time."""

import pytest

from lazify.testing import check

RES = """
class Res:
    def __init__(self, name="a"):
        open("pyproject.toml").close()
        self.name = name
        self.count = 0

    def bump(self):
        self.count += 1
        return self.count
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('store, *REST = [Res("a"), Res("b")]\n', ("store", "REST")),
        ('first = second = Res("a")\nfirst.bump()\n', ("first", "second")),
    ],
)
def test_names_that_only_others_may_use_are_made_lazy_at_once(text: str, names: tuple[str, ...]) -> None:
    """The `__all__` that the first run wrote for other names of the module counted as their use in the second."""
    files = {"res.py": RES, "main.py": f'from res import Res\n\n{text}conf = Res("b")\n'}
    program = "import main\nfrom main import *\n\nprint(conf.name, {names})\n".format(
        names=", ".join(f"bool({name})" for name in names)
    )
    outcome = check(files, flags={"keep_names": "always"}, run=program)
    assert f"def get_{names[0]}()" in outcome.files["main.py"]


def test_an_attribute_that_functions_change_is_read_when_it_was() -> None:
    """A known limit: it was 0 whatever happened later."""
    main = """
    from res import Res

    store = Res("a")
    count = store.count


    def bump():
        return store.bump()


    def first():
        return count
    """
    check({"res.py": RES, "main.py": main}, run="import main\n\nprint(main.bump(), main.first())\n")
