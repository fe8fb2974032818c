"""Values whose making only keeps an object that functions change: made later, they are the same."""

import pytest

from lazify.testing import check

STORE = """
class Store:
    label = "store"

    def __init__(self):
        self.items = []
        self.name = "first"

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __eq__(self, other):
        return self.name == other

    def __hash__(self):
        return hash(self.name)

    def __str__(self):
        return self.name

    def __repr__(self):
        return f"<{self.name}>"

    def __call__(self, key):
        return View(self, key)

    def named(self):
        return self.name

    def itself(self):
        return self


class View:
    def __init__(self, store, key):
        self.text = open("pyproject.toml").read()
        self.store, self.key = store, key

    def show(self):
        return self.store.name, self.key


store = Store()


def change():
    store.items.append(1)
    store.name = "second"
    store.itself = lambda: "another"
"""
READ = 'self.text = open("pyproject.toml").read()'
MAKER = f"""
{{above}}

class Manager{{bases}}:
    def __init__(self, store{{parameters}}):
        {READ}
        {{body}}

    def show(self):
        return sorted((k, str(v)) for k, v in vars(self).items() if k not in ("text", "get"))
"""
RUN = "import a; a.change(); print(a.f()); a.change(); print(a.f())"


def program(making: str, body: str, *, above: str = "", bases: str = "", parameters: str = "") -> str:
    text = MAKER.format(
        above=above, bases=bases, parameters=parameters, body=body.replace("\n", "\n        ")
    )
    return f"{STORE}\n{text}\n\nmanager = {making}\n\n\ndef f():\n    return manager.show()\n"


def is_lazy(text: str, **files: str) -> bool:
    """Tell whether the value became lazy, and both trees did the same."""
    outcome = check({"a.py": text, "pyproject.toml": "", **files}, run=RUN)
    return any("manager" in change.title for change in outcome.plan.changes)


KEEPS = {
    "in an attribute": ("Manager(store)", "self.store = store"),
    "by a keyword": ("Manager(store=store)", "self.store = store"),
    "by an annotated attribute": ("Manager(store)", "self.store: object = store"),
    "by way of a variable": ("Manager(store)", "kept = store\nself.store = kept"),
    "in a list": ("Manager([store])", "self.stores = list(store)"),
    "in a dictionary": ("Manager({'a': store})", "self.stores = store"),
    "in a tuple that is unpacked": ("Manager(store)", "self.store, self.number = store, 1"),
    "after a test for None": ("Manager(store)", "self.store = Store() if store is None else store"),
    "after a test of its class": ("Manager(store)", "if isinstance(store, Store):\n    self.store = store"),
    "after a test whether it can be called": ("Manager(store)", "self.store = store if callable(store) else None"),
    "around which a function closes": ("Manager(store)", "def get(): return store.name\nself.get = get"),
    "around which a lambda closes": ("Manager(store)", "self.get = lambda: store.name"),
    "that object.__setattr__ sets": ("Manager(store)", "object.__setattr__(self, 'store', store)"),
    "with its class read beside it": ("Manager(store)", "self.store = store\nself.label = type(store).__name__"),
    "that a function hands on": ("hand(store)", "self.store = store"),
    "of which a call of it makes a view": ("store('key')", "pass"),
    "of a constant beside it": ("Manager(store, LIMIT)", "self.store, self.limit = store, limit"),
    "in a loop over a display": ("Manager([store])", "self.stores = []\nfor each in store:\n    self.last = each"),
    "that a partial holds": ("functools.partial(View, store, 'key')()", "pass"),
}  # fmt: skip


def shape(making: str, body: str) -> str:
    above = "import functools\n\nLIMIT = 5\n\n\ndef hand(store):\n    return Manager(store)\n"
    parameters = ", limit=None" if "limit" in body else ""
    return program(making, body, above=above, parameters=parameters)


@pytest.mark.parametrize(("making", "body"), list(KEEPS.values())[:-1], ids=list(KEEPS)[:-1])
def test_what_only_keeps_an_object_is_made_later(making: str, body: str) -> None:
    assert is_lazy(shape(making, body))


LOOKS = {
    "an attribute of it": ("Manager(store)", "self.name = store.name"),
    "an attribute of it in the call": ("Manager(store.name)", "self.name = store"),
    "by getattr": ("Manager(store)", "self.name = getattr(store, 'name')"),
    "by vars": ("Manager(store)", "self.state = dict(vars(store))"),
    "by iteration": ("Manager(store)", "self.items = list(store)"),
    "by a loop": ("Manager(store)", "self.items = []\nfor each in store: self.items.append(each)"),
    "by a comprehension": ("Manager(store)", "self.items = [each for each in store]"),
    "by unpacking": ("Manager(store)", "self.items = [*store]"),
    "by unpacking in a call": ("Manager([*store])", "self.items = store"),
    "by its truth": ("Manager(store)", "self.full = 1 if store else 0"),
    "by an or": ("Manager(store)", "self.store = store or 5"),
    "by a not": ("Manager(store)", "self.empty = not store"),
    "by its length": ("Manager(store)", "self.size = len(store)"),
    "by comparison": ("Manager(store)", "self.same = store == 'first'"),
    "by membership": ("Manager(store)", "self.has = 'first' in [store]"),
    "by hashing": ("Manager(store)", "self.known = sorted(map(str, {store: 1}))"),
    "by a set": ("Manager(store)", "self.known = {store}"),
    "by formatting": ("Manager(store)", "self.label = f'{store}'"),
    "by a percent": ("Manager(store)", "self.label = '%s' % store"),
    "by str": ("Manager(store)", "self.label = str(store)"),
    "by a method": ("Manager(store)", "self.label = store.named()"),
    "by a method that gives it back": ("Manager(store.itself())", "self.store = store"),
    "by a method that is taken": ("Manager(store)", "named = store.named\nself.label = named()"),
    "by an item": ("Manager([store])", "self.label = store[0].name"),
    "after it was put on the maker": ("Manager(store)", "self.store = store\nself.label = self.store.name"),
    "by a method of the maker": ("Manager(store)", "self.store = store\nself.label = self.read()"),
    "by a function that gets the maker": ("Manager(store)", "self.store = store\nself.label = read(self)"),
    "by a function that gets it": ("Manager(store)", "self.label = look(store)"),
    "by a function that names it": ("Manager(store)", "self.store = store\nself.label = glance()"),
    "by a function that is handed on": ("Manager(store)", "self.store = store\nself.label = run(glance)"),
    "by a closure that runs": ("Manager(store)", "def get(): return store.name\nself.label = get()"),
    "by a lambda that runs": ("Manager(store)", "self.label = (lambda: store.name)()"),
    "by a lambda that sorted runs": ("Manager([store])", "self.s = [sorted([1], key=lambda _: store[0].name)]\nself.label = store[0].name"),
    "by way of another that holds it": ("Manager(Holder(store))", "self.label = store.held.name"),
    "by way of a module-level holder": ("Manager(store)", "self.store = store\nself.label = holder.held.name"),
    "by way of an alias": ("Manager(store)", "self.store = store\nself.label = alias.name"),
    "by way of a class": ("Manager(store)", "self.store = store\nself.label = Shelf.held.name"),
    "by way of a default": ("Manager(store)", "self.store = store\nself.label = defaulted()"),
    "by way of the module": ("Manager(store)", "self.store = store\nself.label = globals()['alias'].name"),
    "by a generator": ("Manager(store)", "self.labels = list(labels(store))"),
    "by a decorated function": ("Manager(store)", "self.label = shouted(store)"),
    "by a property": ("Manager(store)", "self.store = store\nself.label = self.described"),
    "by with": ("Manager(store)", "with entered(store) as found: self.label = found"),
    "by in-place addition": ("Manager(store)", "label = ''\nlabel += str(store)\nself.label = label"),
    "and changes it": ("Manager(store)", "store.items.append('m')\nself.store = store\nself.size = len(store.items)"),
    "by match": ("Manager(store)", "match store:\n    case Store(name='first'): self.label = 1\n    case _: self.label = 2"),
    "by an assertion": ("Manager(store)", "self.store = store\ntry:\n    assert store\n    self.label = 1\nexcept AssertionError:\n    self.label = 0"),
    "by a slice": ("Manager([store])", "self.label = store[:1][0].name"),
    "by a walrus": ("Manager(store)", "self.label = (kept := store).name"),
    "by getattr of the maker": ("Manager(store)", "self.store = store\nself.label = getattr(self, 'store').name"),
    "by vars of the maker": ("Manager(store)", "self.store = store\nself.label = vars(self)['store'].name"),
    "by a special method of what it makes": ("Manager(store)", "self.store = store\nself.label = str(Label())"),
    "by a property of what it makes": ("Manager(store)", "self.store = store\nself.label = Label().text"),
    "by a function in the maker's class": ("Borrowing(store)", "self.store = store\nself.label = self.borrowed()"),
    "by a descriptor": ("Borrowing(store)", "self.store = store\nself.label = self.described_by"),
    "by __getattr__": ("Finding(store)", "self.store = store\nself.label = self.missing"),
    "by __class__": ("Posing(store)", "self.store = store\nself.label = isinstance(self, First)"),
    "by the maker's parent": ("Child(store)", "self.store = store"),
    "by a setter": ("Setting(store)", "self.held = store"),
    "by __setattr__": ("Noting(store)", "self.held = store"),
    "by what a partial makes": ("functools.partial(look, store)()", "pass"),
}  # fmt: skip
HELPERS = """
import contextlib
import functools


def look(store): return store.name


def glance(): return store.name


def run(function): return function()


def read(manager): return manager.store.name


def defaulted(given=store): return given.name


def labels(store): yield store.name


def shout(function): return lambda store: function(store).upper()


@shout
def shouted(store): return store.name


@contextlib.contextmanager
def entered(store): yield store.name


class Holder:
    def __init__(self, held):
        self.held = held


class Label:
    def __str__(self): return store.name

    @property
    def text(self): return store.name


class Shelf:
    held = store


alias = store
holder = Holder(store)


class Base:
    def read(self):
        return self.store.name

    @property
    def described(self):
        return self.store.name
"""
BELOW = """

class Described:
    def __get__(self, instance, owner): return instance.store.name


def borrowed(self): return self.store.name


class Borrowing(Manager):
    borrowed = borrowed
    described_by = Described()


class Finding(Manager):
    def __getattr__(self, name): return self.store.name


class First: pass


class Posing(Manager):
    @property
    def __class__(self): return First if self.store.name == "first" else Posing


class Child(Manager):
    def __init__(self, store):
        super().__init__(store)
        self.label = self.store.name


class Setting(Manager):
    @property
    def held(self): return None

    @held.setter
    def held(self, value): self.label = value.name


class Noting(Manager):
    def __setattr__(self, name, value):
        super().__setattr__(name, value.name if name == "held" else value)

"""


@pytest.mark.parametrize(("making", "body"), LOOKS.values(), ids=list(LOOKS))
def test_what_looks_into_an_object_stays(making: str, body: str) -> None:
    text = program(making, body, above=HELPERS, bases="(Base)").replace(
        "\n\nmanager =", f"{BELOW}\nmanager ="
    )
    text = text.replace(
        "return manager.show()", "return manager if isinstance(manager, str) else manager.show()"
    )
    assert not is_lazy(text)


APART = f"{STORE}\n\nother = Store()\n"
ELSEWHERE = {
    "by from-import": ("from b import change, store\n", "store", True),
    "by another name": ("from b import change, store as shared\n", "shared", True),
    "of a module": ("import b\nfrom b import change\n", "b.store", True),
    "that is looked into": ("from b import change, store\n", "store.name", False),
    "that is looked into as of a module": ("import b\nfrom b import change\n", "b.store.name", False),
    "beside another that is looked into": (
        "from b import change, store, other\n",
        "[store, other.name]",
        False,
    ),
    "that comes by a module": ("import b\nfrom b import change\n", "[b.store, b]", True),
}


@pytest.mark.parametrize(("above", "kept", "is_made_later"), ELSEWHERE.values(), ids=list(ELSEWHERE))
def test_an_object_of_another_module_is_followed(above: str, kept: str, is_made_later: bool) -> None:
    change = "\n\ndef change_other(): other.name = 'second'\n"
    maker = MAKER.format(above=above, bases="", parameters="", body="self.kept = store")
    text = f"{maker}\n\nmanager = Manager({kept})\n\n\ndef f():\n    return manager.show()\n"
    show = text.replace("str(v)", "getattr(v, 'name', type(v).__name__)")
    assert is_lazy(show, **{"b.py": APART + change}) is is_made_later


CHANGES = {
    "in place below": "store.items.append(5)",
    "an attribute below": "store.name = 'below'",
    "by another module": "import c",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_at_import_is_no_reason_either(change: str) -> None:
    text = f"{program('Manager(store)', 'self.store = store')}\n{change}\n"
    assert is_lazy(text, **{"c.py": "import a\na.store.name = 'third'\na.store.items.append(4)\n"})


REBOUND = {
    "by a function": "def rebind():\n    global store\n    store = Store()\n",
    "below": "store = Store()\n",
    "by another module": "import c\n",
    "by setattr": "import c\n\n\ndef rebind():\n    setattr(c.a, 'store', Store())\n",
}


@pytest.mark.parametrize("rebinding", REBOUND.values(), ids=list(REBOUND))
def test_a_name_that_is_bound_again_is_not_kept(rebinding: str) -> None:
    text = f"{program('Manager(store)', 'self.store = store')}\n\n{rebinding}"
    other = "import a\n\n\ndef rebind():\n    a.store = a.Store()\n"
    assert not is_lazy(text, **{"c.py": other})


CONTAINERS = {
    "a view of a dictionary": ("types.MappingProxyType(entries)", True),
    "a chain of dictionaries": ("collections.ChainMap({}, entries)", True),
    "a copy of a dictionary": ("dict(entries)", False),
    "an entry of a dictionary": ("types.MappingProxyType(entries['a'])", False),
}


@pytest.mark.parametrize(("making", "is_made_later"), CONTAINERS.values(), ids=list(CONTAINERS))
def test_what_the_standard_library_keeps_is_known(making: str, is_made_later: bool) -> None:
    text = (
        "import collections\nimport types\n\nentries = {'a': {1: 2}}\n\n\n"
        "def change():\n    entries['b'] = {3: 4}\n    entries['a'] = {5: 6}\n\n\n"
        f"view = {making}\n\n\ndef f():\n    return sorted(view.items(), key=str)\n"
    )
    outcome = check({"a.py": text}, run=RUN, flags={"singleton": ("view",)})
    assert bool(outcome.plan.changes) is is_made_later


def test_a_client_for_tests_keeps_its_application() -> None:
    text = (
        "from fastapi import FastAPI\nfrom starlette.testclient import TestClient\n\n\nclass Service(FastAPI):\n"
        "    pass\n\n\nservice = Service()\nclient = TestClient(service)\n\n\ndef change():\n"
        "    service.dependency_overrides[change] = change\n\n\ndef f():\n    return client.app is service\n"
    )
    outcome = check({"a.py": text}, flags={"singleton": ("client",)})
    assert [change.title for change in outcome.plan.changes] == ["client becomes get_client()"]
