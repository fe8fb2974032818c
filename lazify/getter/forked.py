"""What processes that fork share with each other: made on first use, each would make its own.

out = open("rows.csv", "w")       one position for all workers of a pool; opened again, the file is emptied
rows = open("rows.csv")           one position as well: no two workers read the same row
folder = tempfile.mkdtemp()       one folder, in which the parent finds what the workers wrote
server = socket.create_server(…)  one queue of connections, from which each worker takes
tokens = Tokens(token_hex(16))    one key: what one worker signs, another one accepts
"""

import re
from collections.abc import Iterator
from itertools import product

from lazify.getter.class_state import reached_scopes, text_of
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.effects import Effect, EffectKind
from lazify.model.facts import MODULE, NameRef, Ref
from lazify.model.places import Span

_PACKAGES = ("billiard", "multiprocess", "multiprocessing", "multiprocessing.pool", "torch.multiprocessing")
_MAKERS = ("Pool", "Process", "get_context", "set_start_method")
_FORKS = frozenset(map(".".join, product(_PACKAGES, _MAKERS))) | {
    "celery.Celery",
    "concurrent.futures.ProcessPoolExecutor",
    "os.fork",
    "os.forkpty",
    "torch.utils.data.DataLoader",
    "tornado.process.fork_processes",
}
"""What makes processes that are forked: by default, if asked, or on some platform."""
_PRELOADS = "preload_app"
"""A setting of gunicorn: it imports the application, and then it forks."""
_FOLDERS = frozenset({"os.makedirs", "os.mkdir", "pathlib.Path.mkdir", "tempfile.gettempdir"})
"""Whoever makes a folder that is there finds it made; other files are written anew, or have another name."""
_LIVING = frozenset(
    {"socket.create_server", "socket.socket.bind", "socket.socket.listen", "subprocess.Popen"}
)
_READERS = ("csv.", "io.")
"""Classes whose objects stand at one place of a file."""
_IN_MEMORY = frozenset({"io.BytesIO", "io.StringIO"})
"""Those of them that each process has a copy of."""


def forked_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what processes share by inheriting it, where the project makes such processes."""
    effects = (e for number in group.statements for e in view.effects.of_statement(group.module, number))
    fork = view.once(_fork)
    if fork is None:
        return
    shared = next((effect.callee for effect in effects if _is_shared(effect)), None) or _opened(view, group)
    if shared is not None:
        made = f"processes that fork share it; later each would make its own: {shared}"
        yield problem(made, *fork)


def _is_shared(effect: Effect) -> bool:
    is_file = effect.kind is EffectKind.FILE_WRITE and effect.callee not in _FOLDERS
    return is_file or effect.kind is EffectKind.ENTROPY or effect.callee in _LIVING


def _opened(view: View, group: Group) -> str | None:
    """The class of a file that stays open, or of what reads from one: the value, or an attribute of it."""
    asked: list[tuple[Module, Ref, int]] = [
        (group.module, NameRef(name, MODULE), MODULE) for name in group.names
    ]
    for module, number in reached_scopes(view, group):
        parent = module.facts.scopes[number].parent
        text = text_of(view, module, number)
        for name, values in module.facts.scopes[parent].attributes.items():
            if re.search(rf"\.{name}\b[^=\n]*=[^=]", text):
                asked += ((module, value, parent) for value in values if value is not None)
    for place in asked:
        match view.effects.class_of(*place):
            case External(found) if found.startswith(_READERS) and found not in _IN_MEMORY:
                return found
    return None


def _fork(view: View) -> tuple[Module, Span] | None:
    """Find where the project forks, or asks somebody to."""
    for module in view.project.mentioning(_PRELOADS):
        return module, Span(1, 0, 1, 0)
    words = sorted({name.rpartition(".")[2] for name in _FORKS})
    for module in dict.fromkeys(module for word in words for module in view.project.mentioning(word)):
        for use in (use for uses in module.facts.uses.values() for use in uses):
            target = view.project.named(module, use)
            if isinstance(target, External) and ".".join((target.name, *use.attributes)) in _FORKS:
                return module, use.span
    return None
