"""Functions that run when the program ends: an import may fail there.

From the end of the main thread on, `threading._register_atexit` raises RuntimeError, and `concurrent.futures.thread`
calls it when it is imported (CPython 3.11, Lib/threading.py and Lib/concurrent/futures/thread.py).
"""

from lazify.getter.exits import Exits
from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate
from lazify.imports.pins import runtime_uses
from lazify.imports.placement import functions_around
from lazify.index.view import View


def ending_problem(view: View, candidate: Candidate, name: str) -> Problem | None:
    """Say which function that runs at the end would have to import the name."""
    module, functions = candidate.module, view.once(Exits).functions
    for use in runtime_uses(candidate, name) if functions else ():
        for number in functions_around(module, use):
            if (module, number) in functions:
                function = module.facts.scopes[number].name
                reason = f"{function} runs at exit, when {candidate.package} may not be importable any more"
                return problem(reason, module, use.span)
    return None
