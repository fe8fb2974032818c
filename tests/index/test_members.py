"""Attributes and methods of values whose class is known."""

from tests.index.worlds import in_app, of

READ = {"file read builtins.open"}
CONNECT = {"database sqlite3.connect"}


def test_methods_of_a_local_instance_are_followed() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        def main():
            job = Job()
            job.run()
        x = main()
    """
    assert in_app(text) == READ


def test_methods_of_an_attribute_of_self_are_followed() -> None:
    text = """
        import sqlite3
        class Store:
            def load(self):
                return sqlite3.connect("a")
        class Service:
            def __init__(self):
                self.store = Store()
                self.rows = self.store.load()
        x = Service()
    """
    assert in_app(text) == CONNECT


def test_an_attribute_set_by_a_base_class_is_known_in_the_subclass() -> None:
    files = {
        "base.py": """
            class Store:
                def load(self):
                    return open("a")
            class Base:
                def __init__(self):
                    self.store = self.make()
                def make(self):
                    return None
        """,
        "app.py": """
            from base import Base, Store
            class Service(Base):
                def make(self):
                    return Store()
                def start(self):
                    return self.store.load()
            x = Service().start()
        """,
    }
    assert of(files, "app.x") == READ


def test_methods_of_a_module_level_instance_of_another_module_are_followed() -> None:
    files = {
        "jobs.py": 'class Job:\n    def run(self):\n        return open("a")\njob = Job()',
        "app.py": "from jobs import job as j\nx = j.run()",
        "other.py": "import jobs\nx = jobs.job.run()",
    }
    assert of(files, "app.x") == READ
    assert of(files, "other.x") == READ


def test_methods_of_an_annotated_parameter_are_followed() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        def main(job: "Job | None"):
            return job.run()
        x = main(undefined)
    """
    assert in_app(text) >= READ


def test_methods_of_what_a_function_returns_are_followed() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        def make():
            job = Job()
            return job
        def declared() -> Job:
            return undefined
        x = make().run()
        y = declared().run()
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == READ


def test_an_abstract_method_is_unknown() -> None:
    text = """
        from abc import ABC, abstractmethod
        class Job(ABC):
            @abstractmethod
            def run(self): ...
        def main(job: Job):
            return job.run()
        x = main(undefined)
    """
    assert in_app(text) == {"unknown app.Job.run"}


def test_a_method_of_a_protocol_is_unknown() -> None:
    text = """
        from typing import Protocol
        class Job(Protocol):
            def run(self): ...
        def main(job: Job):
            return job.run()
        x = main(undefined)
    """
    assert in_app(text) == {"unknown app.Job.run"}


def test_class_methods_and_static_methods_are_followed() -> None:
    text = """
        class A:
            @classmethod
            def make(cls):
                return cls()
            @staticmethod
            def load(path):
                return open(path)
            def __init__(self):
                self.load("a")
        x = A.make()
        y = A.load("a")
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == READ


def test_a_class_method_makes_the_class_it_is_called_on() -> None:
    text = """
        class Base:
            @classmethod
            def make(cls):
                return cls()
        class Leaf(Base):
            def __init__(self):
                open("a")
        base = Base.make()
        leaf = Leaf.make()
    """
    assert in_app(text, "app.base") == set()
    assert in_app(text, "app.leaf") == READ


def test_a_class_attribute_named_like_a_function_is_not_the_function() -> None:
    text = """
        import sqlite3
        def connect():
            return sqlite3.connect("a")
        class A:
            connect = dict
            def __init__(self):
                self.connect()
        x = A()
    """
    assert in_app(text) == set()


def test_a_method_named_like_a_builtin_is_not_the_builtin() -> None:
    text = """
        class A:
            def open(self):
                return 1
            def __init__(self):
                self.open()
        x = A()
    """
    assert in_app(text) == set()


def test_a_name_in_a_class_body_does_not_reach_its_methods() -> None:
    text = """
        class A:
            open = dict
            def __init__(self):
                open("a")
        x = A()
    """
    assert in_app(text) == READ


def test_private_methods_are_found_under_their_mangled_names() -> None:
    text = """
        class A:
            def __init__(self):
                self.__load()
            def __load(self):
                open("a")
        x = A()
    """
    assert in_app(text) == READ


def test_calling_an_instance_runs_its_call_method() -> None:
    text = 'class A:\n    def __call__(self):\n        return open("a")\nx = A()()'
    assert in_app(text) == READ


def test_a_property_that_is_read_gives_what_it_returns() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        class A:
            @property
            def job(self):
                return Job()
        x = A().job.run()
    """
    assert in_app(text) == READ
