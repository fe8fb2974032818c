"""Programs that fuzzing drew and reduced: `check` runs both trees, and lazify a second time."""

import pytest

from lazify.testing import check, refused

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


STORE = """
class Base:
    def __init__(self, name):
        self.text = open("pyproject.toml").read()
        self.count = 0
        self.items = {}
        self.set_up()

    def set_up(self):
        self.name = "set up"

    def bump(self):
        self.count += 1
        self.items["a"] = self.count
        return self.count

class Store(Base):
    @property
    def size(self):
        return self.count

    def number(self):
        return self.count

    def __len__(self):
        return self.count

    def __getitem__(self, key):
        return self.count

class Other:
    def change(self):
        self.text = self.name = "other"

def count_of(any):
    return any.count
"""
MAIN = """
from res import Store, count_of

store = Store("a")
first = {read}

def bump():
    {bump}

def told():
    return first

def found():
    return store
"""


@pytest.mark.parametrize(
    "read",
    [
        "store.count", "store.size", "store.number()", "len(store)", "store[0]", "dict(store.items)",
        "getattr(store, 'count')", "(store.count, 1)[0]", "f'{store.count}'", "count_of(store)", "list(vars(store).items())",
    ],
)  # fmt: skip
def test_what_functions_change_of_an_object_is_read_when_it_was(read: str) -> None:
    files = {"res.py": STORE, "main.py": MAIN.format(read=read, bump="return store.bump()")}
    refused(files, because="which making it reads, is changed by a function")


@pytest.mark.parametrize(
    "bump",
    [
        "store.count = 5", "setattr(store, 'count', 5)", "setattr(store, input(), 5)", "store.__dict__['count'] = 5",
        "store.__dict__.update(count=5)", "found().count = 5", "[store][0].count = 5",
    ],
)  # fmt: skip
def test_what_others_set_of_an_object_is_read_when_it_was(bump: str) -> None:
    res = STORE.replace("self.count += 1", "pass")
    refused(
        {"res.py": res, "main.py": MAIN.format(read="store.count", bump=bump)},
        because="first needs store at import and has to stay",
    )


@pytest.mark.parametrize("fill", ["setattr(store, name, value)", "store.__dict__[name] = value"])
def test_what_a_module_sets_of_an_object_without_spelling_it_is_read_when_it_was(fill: str) -> None:
    res = STORE.replace("self.count += 1", "pass")
    filling = f"from res import store\n\n\ndef fill(name, value):\n    {fill}\n"
    main = MAIN.format(read="store.count", bump="fill('co' + 'unt', 5)")
    refused(
        {"res.py": res, "filling.py": filling, "main.py": f"from filling import fill\n{main}"},
        because="first needs store at import and has to stay",
    )


@pytest.mark.parametrize("read", ["store.text", "store.name", "store.bump", "[store]"])
def test_what_only_the_constructor_sets_may_be_read_later(read: str) -> None:
    res = STORE.replace("__len__", "length").replace("__getitem__", "item")
    main = MAIN.format(read=read, bump="return store.bump()")
    outcome = check(
        {"res.py": res, "main.py": main}, run="import main\n\nprint(main.bump(), type(main.told()))\n"
    )
    assert [change.title for change in outcome.plan.changes] == [
        "store becomes get_store()",
        "first becomes get_first()",
    ]


@pytest.mark.parametrize("owner", ["Store", "Base", "type(store)"])
def test_a_method_that_a_function_replaces_is_taken_when_it_was(owner: str) -> None:
    main = MAIN.format(read="store.bump", bump=f"{owner}.bump = lambda self: 0")
    refused(
        {"res.py": STORE, "main.py": f"from res import Base\n{main}"},
        because="first needs store at import and has to stay",
    )


@pytest.mark.parametrize("method", ["__call__", "__iadd__", "__enter__", "unused"])
def test_a_method_that_nobody_spells_changes_its_object_whenever_it_is_called(method: str) -> None:
    res = STORE.replace("def bump(self)", f"def {method}(self, *given)")
    refused(
        {"res.py": res, "main.py": MAIN.format(read="store.count", bump="return store()")},
        because="count of store, which making it reads, is changed by a function",
    )


@pytest.mark.parametrize(
    "read", ["copy.copy(store)", "getattr(store, 'co' + 'unt')", "json.dumps(store, default=vars)"]
)
def test_what_reads_attributes_without_their_names_reads_all(read: str) -> None:
    main = MAIN.format(read=read, bump="return store.bump()")
    refused(
        {"res.py": STORE, "main.py": f"import copy, json\n{main}"},
        because="first needs store at import and has to stay",
    )


@pytest.mark.parametrize(
    ("made", "read", "bump"),
    [
        ("Outer()", "store.inner.count", "store.inner.bump()"),
        ("Store('a') if __name__ else Base('b')", "store.count", "store.bump()"),
        ("{'a': Store('a')}", "store['a'].count", "store['a'].bump()"),
    ],
    ids=["within another", "one of two classes", "in a dictionary"],
)
def test_an_object_that_no_name_tells_the_class_of_is_read_when_it_was(
    made: str, read: str, bump: str
) -> None:
    res = f"{STORE}\nclass Outer:\n    def __init__(self):\n        self.inner = Store('a')\n"
    main = MAIN.format(read=read, bump=f"return {bump}").replace('Store("a")', made)
    refused(
        {"res.py": res, "main.py": f"from res import Base, Outer\n{main}"},
        because="count of store, which making it reads, is changed by a function",
    )
