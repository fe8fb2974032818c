"""Recursion, the order of questions, and which functions may run."""

from itertools import permutations

from lazify.model.effects import Level
from tests.index.worlds import World

MUTUAL = {
    "a.py": """
        import b
        def f(n):
            open("a")
            return b.g(n)
        x = f(1)
    """,
    "b.py": """
        import sqlite3
        def g(n):
            return h(n) or sqlite3.connect("b")
        def h(n):
            import a
            return a.f(n)
        y = g(1)
        z = h(1)
    """,
}
ALL = {"file read builtins.open", "database sqlite3.connect"}


def test_functions_that_call_each_other_have_each_others_effects_whichever_is_asked_first() -> None:
    for order in permutations(["a.x", "b.y", "b.z"]):
        world = World(MUTUAL)
        for statement in order:
            assert world.kinds(statement) == ALL, order


def test_the_chains_do_not_depend_on_what_was_asked_before() -> None:
    expected = {
        "a.x": ["a.py:5 f(1)", 'a.py:3 open("a")'],
        "b.y": ["b.py:7 g(1)", "b.py:3 h(…)", "b.py:6 a.f(…)", 'a.py:3 open("a")'],
        "b.z": ["b.py:8 h(1)", "b.py:6 a.f(…)", 'a.py:3 open("a")'],
    }
    for order in permutations(expected):
        world = World(MUTUAL)
        for statement in order:
            assert world.chain(statement, "builtins.open") == expected[statement], order


def test_values_that_depend_on_each_other_do_not_depend_on_the_order() -> None:
    text = """
        import sqlite3
        def first(n):
            return second(n) if n else sqlite3.connect
        def second(n):
            return first(n - 1) or open
        x = first(1)("a")
        y = second(1)("a")
    """
    for order in permutations(["app.x", "app.y"]):
        world = World({"app.py": text})
        for statement in order:
            assert world.kinds(statement) == ALL, order


def test_a_function_that_calls_itself_comes_to_an_end() -> None:
    world = World({"app.py": "def f(n):\n    f(n - 1)\n    return open('a')\nx = f(3)"})
    assert world.kinds("app.x") == {"file read builtins.open"}


def test_a_recursion_that_grows_its_argument_comes_to_an_end() -> None:
    world = World({"app.py": "def f(g):\n    return f(lambda: g())\nx = f(open)"})
    assert world.kinds("app.x") == set()


def test_reached_names_the_functions_that_may_run() -> None:
    files = {
        "jobs.py": """
            class Job:
                def __init__(self):
                    self.load()
                def load(self):
                    return [self.one(n) for n in (1, 2)]
                def one(self, n):
                    return n
                def never(self):
                    return None
        """,
        "app.py": """
            from jobs import Job
            def make():
                return Job()
            def unused():
                return make()
            x = make()
            y = sorted([2, 1], key=lambda n: n)
        """,
    }
    world = World(files)
    assert world.reached("app.x") == {"app.make", "jobs.Job.__init__", "jobs.Job.load", "jobs.Job.one"}
    assert world.reached("app.y") == {"app.<lambda>"}
    assert world.reached("app.x", "app.y") == world.reached("app.x") | world.reached("app.y")
    assert world.reached("app.unused") == set()


def test_reached_gives_the_way_to_each_function() -> None:
    world = World({"app.py": "def a():\n    return b()\ndef b():\n    return 1\nx = a()"})
    found = world.engine.reached([world.locate("app.x")])
    chains = {scope: [e.fact for e in chain] for (_, scope), chain in found.items()}
    assert chains == {1: ["a()"], 2: ["a()", "b()"]}


def test_reached_does_not_follow_imports_into_other_statements() -> None:
    files = {
        "config.py": "def load():\n    return 1\nDATA = load()",
        "app.py": "def f():\n    import config\nx = f()",
    }
    assert World(files).reached("app.x") == {"app.f"}
    assert World(files).reached("app.x", "config.DATA") == {"app.f", "config.load"}


def test_importing_gives_all_effects_of_a_module() -> None:
    files = {
        "deep.py": 'import sqlite3\nITEMS = []\nITEMS.append(1)\nA = sqlite3.connect("a")',
        "app.py": 'import deep\nB = open("b")\nif __name__ == "__main__":\n    open("c", "w")',
    }
    world = World(files)
    found = {f"{e.kind} {e.callee}" for e in world.engine.importing(world.modules["app"])}
    assert found == ALL


def test_statements_below_a_level_have_no_effects_to_tell() -> None:
    text = 'import somewhere\ndef f():\n    somewhere.g()\nx = f()\ny = 1\nz = open("a")'
    levels = {"x": Level.RISKY, "y": Level.SAFE, "z": Level.DANGEROUS}
    for name, level in levels.items():
        for least in (Level.RISKY, Level.DANGEROUS):
            world = World({"app.py": text})
            assert bool(world.engine.of_statement(*world.locate(f"app.{name}"), least=least)) == (
                level >= least
            )


def test_a_module_that_is_loaded_with_the_asking_one_is_no_reason_to_look_closer() -> None:
    files = {
        "deep.py": 'A = open("a")',
        "cold.py": 'B = open("b")',
        "app.py": "import deep\ndef f():\n    import deep\ndef g():\n    import cold\nx = f()\ny = g()",
    }
    world = World(files)
    assert world.engine.of_statement(*world.locate("app.x"), least=Level.RISKY) == ()
    assert [e.callee for e in world.engine.of_statement(*world.locate("app.y"), least=Level.RISKY)] == [
        "builtins.open"
    ]


def test_effects_behind_chains_of_imports_are_found_past_what_is_loaded() -> None:
    files = {
        "first.py": "import second",
        "second.py": "import first\nimport third",
        "third.py": 'A = open("a")',
        "app.py": "def f():\n    import first\nx = f()",
    }
    assert World(files).kinds("app.x") == {"file read builtins.open"}
