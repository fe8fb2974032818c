"""What functions and methods do with an object, by the last of their names."""

import builtins

from lazify.index.changes import MUTATORS
from lazify.index.project import Builtin, Target

CHANGING = MUTATORS | {
    "__iadd__", "__ior__", "__iand__", "__isub__", "__ixor__", "__imul__", "__delattr__", "__setattr__", "__next__",
    "set",
}  # fmt: skip
"""Methods that change what they are called on."""
CHANGES_FIRST = frozenset(
    {
        "setattr", "delattr", "setitem", "delitem", "next", "shuffle", "iadd", "ior", "iand", "isub", "ixor", "imul",
        "iconcat", "heappush", "heappop", "heapify", "heapreplace", "heappushpop", "insort", "insort_left",
        "insort_right",
    }
)  # fmt: skip
"""Functions that change what they are given first, by the last of their names."""
SETS = frozenset({"setattr", "delattr", "__setattr__", "__delattr__", "object"})
"""Those that set or delete an attribute."""
TYPES = frozenset({"list", "dict", "set", "bytearray", "object", "type", "deque", "OrderedDict", "Counter"})
"""Their methods may be called with the object as an argument: `list.append(TABLE, 1)`."""
ONLY_LOOKS = frozenset(
    {
        "len", "str", "repr", "bool", "print", "isinstance", "issubclass", "hash", "id", "type", "callable", "format",
        "sum", "any", "all", "int", "float", "bytes", "hasattr", "dir", "dumps", "deepcopy", "join", "startswith",
        "endswith", "ascii", "abs", "round", "range",
    }
)  # fmt: skip
"""What neither changes nor keeps what it is given."""
GIVES_BACK = frozenset({"cast", "ChainMap", "MappingProxyType", "vars", "reduce"})
"""What may give what it is given, or a view of it."""
TAKES = frozenset(
    {
        "next",
        "__next__",
        "max",
        "min",
        "get",
        "pop",
        "popitem",
        "popleft",
        "setdefault",
        "__getitem__",
        "reduce",
    }
)
"""Functions and methods that give what is held there."""
COPIES = frozenset(
    {
        "copy",
        "items",
        "keys",
        "values",
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "sorted",
        "reversed",
        "iter",
    }
    | {"enumerate", "zip", "map", "filter", "chain", "islice", "OrderedDict", "deque"}
)
"""Functions and methods that give another object with the same parts."""
PAIRS = frozenset({"enumerate", "items", "zip"})
"""Those that give tuples of the parts, with something else."""
APPLIES = frozenset(
    {
        "map", "filter", "sorted", "sort", "reduce", "max", "min", "accumulate", "groupby", "takewhile", "dropwhile",
        "starmap", "call", "submit", "run_in_executor", "to_thread", "run_sync", "Thread", "Process", "Timer", "apply",
        "apply_async", "call_soon", "call_later",
    }
)  # fmt: skip
"""What calls a function that it is given with what else it is given."""
EVALUATES = frozenset({"eval", "exec"})


def is_exception(target: Target | None) -> bool:
    """Tell whether it is an exception of Python's: `raise ValueError(TABLE)` keeps it among its arguments."""
    found = getattr(builtins, target.name, None) if isinstance(target, Builtin) else None
    return isinstance(found, type) and issubclass(found, BaseException)
