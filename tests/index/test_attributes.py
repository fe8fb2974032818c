"""Reading an attribute may run code."""

from tests.index.worlds import World, in_app

READ = {"file read builtins.open"}
CLIENT = """
    class Service:
        @property
        def client(self):
            return open("a")
        @property
        def name(self):
            return "service"
        @client.setter
        def client(self, value):
            open("a", "w")
    service = Service()
"""


def test_a_statement_that_binds_what_a_property_gives_runs_the_property() -> None:
    assert in_app(CLIENT + "    x = service.client") == READ
    assert in_app(CLIENT + "    x = service.name") == set()


def test_a_call_of_a_method_of_what_a_property_gives_runs_the_property() -> None:
    assert in_app(CLIENT + "    x = service.client.fileno()") >= READ


def test_an_argument_that_a_property_gives_runs_the_property() -> None:
    assert in_app(CLIENT + "    x = str(service.client)") == READ


def test_a_function_that_returns_a_property_runs_it() -> None:
    assert in_app(CLIENT + "    def f(s):\n        return s.client\n    x = f(service)") == READ
    assert in_app(CLIENT + "    def f(s):\n        local = s.client\n    x = f(service)") == READ


def test_defining_properties_and_setters_runs_nothing() -> None:
    assert in_app(CLIENT, "app.Service") == set()


def test_a_cached_property_runs_like_any_other() -> None:
    text = """
        import functools
        class Service:
            @functools.cached_property
            def client(self):
                return open("a")
        x = Service().client
    """
    assert in_app(text) == READ


def test_a_property_of_a_subclass_runs_instead_of_that_of_its_base() -> None:
    text = """
        class Base:
            @property
            def client(self):
                return open("a")
            def use(self):
                return self.client
        class Quiet(Base):
            @property
            def client(self):
                return None
        x = Quiet().use()
        y = Base().use()
    """
    assert in_app(text) == set()
    assert in_app(text, "app.y") == READ


def test_an_attribute_that_a_class_does_not_have_runs_its_getattr() -> None:
    text = """
        class Proxy:
            known = 1
            def __getattr__(self, name):
                return getattr(open("a"), name)
        proxy = Proxy()
        x = proxy.unknown
        y = proxy.known
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_a_descriptor_runs_when_its_attribute_is_read() -> None:
    text = """
        class Lazy:
            def __get__(self, instance, owner):
                return open("a")
        class Service:
            client = Lazy()
        x = Service().client
        y = Service.client
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == READ


def test_the_chain_names_the_attribute() -> None:
    assert World({"app.py": CLIENT + "    x = service.client"}).chain("app.x", "builtins.open") == [
        "app.py:12 service.client",
        "app.py:2 client",
        'app.py:4 open("a")',
    ]
