"""The same operation in several runs: its steps are shared where its operands are the same, and only there."""

from itertools import permutations

from tests.index.worlds import World

APP = """
def read(): return open("a")
def quiet(): return 1
def skip(f): return 1
def run(f): return f()
def call(first, second): return first(second)
def around(f):
    def inner(): return f()
    return inner()
def boxed(f):
    class Box:
        held = f()
    return Box
skipped = call(skip, read)
ran = call(run, read)
ran_quietly = call(run, quiet)
inside = around(read)
inside_quietly = around(quiet)
in_class = boxed(read)
in_class_quietly = boxed(quiet)
"""
READING = {"ran", "inside", "in_class"}
QUIET = {"skipped", "ran_quietly", "inside_quietly", "in_class_quietly"}


def test_runs_with_other_operands_do_other_things_whichever_is_asked_for_first() -> None:
    for order in permutations(sorted(READING | QUIET), 3):
        world = World({"app.py": APP})
        assert {name for name in order if world.kinds(f"app.{name}")} == READING & set(order)
