from tests.index.worlds import World

_JOBS = """
    class Job:
        def __init__(self):
            self.load()
        def load(self):
            return 1
    def make():
        return Job()
    def unused():
        return 2
"""
_APP = "from jobs import Job, make\nx = make()\ny = Job()\nz = len([])\nw = sorted([2], key=lambda n: n)"


def _callers(world: World, *functions: str) -> list[str]:
    modules = world.project.modules.values()
    statements = [(m, n) for m in modules for n in range(len(m.facts.statements))]
    wanted = [
        (module, number)
        for module in modules
        for number, scope in enumerate(module.facts.scopes)
        if f"{module.name}.{scope.name}" in functions
    ]
    found = world.engine.callers(statements).of(wanted)
    return [".".join((module.name, *module.facts.statements[number].binds)) for module, number in found]


def test_callers_are_the_statements_that_run_a_function_however_far_away() -> None:
    world = World({"jobs.py": _JOBS, "app.py": _APP})
    assert _callers(world, "jobs.Job.load") == ["app.x", "app.y"]
    assert _callers(world, "jobs.make") == ["app.x"]
    assert _callers(world, "app.<lambda>") == ["app.w"]


def test_callers_of_several_functions_are_given_once_and_in_order() -> None:
    world = World({"jobs.py": _JOBS, "app.py": _APP})
    assert _callers(world, "app.<lambda>", "jobs.Job.load", "jobs.make") == ["app.x", "app.y", "app.w"]


def test_what_nothing_runs_has_no_callers() -> None:
    assert _callers(World({"jobs.py": _JOBS, "app.py": _APP}), "jobs.unused") == []


def test_callers_agree_with_what_is_reached() -> None:
    world = World({"jobs.py": _JOBS, "app.py": _APP})
    for name in ("app.x", "app.y", "app.z", "app.w"):
        for function in ("jobs.Job.__init__", "jobs.Job.load", "jobs.make", "jobs.unused", "app.<lambda>"):
            assert (name in _callers(world, function)) == (function in world.reached(name))


def test_recursion_ends() -> None:
    files = {"app.py": "def a():\n    return b()\ndef b():\n    return a()\nx = a()\ny = b()"}
    assert _callers(World(files), "app.a") == ["app.x", "app.y"]


def test_what_an_import_in_a_function_runs_is_left_to_its_own_statements() -> None:
    files = {
        "config.py": "def load():\n    return 1\nDATA = load()",
        "app.py": "def f():\n    import config\nx = f()",
    }
    assert _callers(World(files), "config.load") == ["config.DATA"]
