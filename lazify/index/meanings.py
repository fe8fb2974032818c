"""What a name can mean: what names of one module lead to, across the files of a project."""

import builtins
from dataclasses import dataclass

from lazify.index.modules import Folder, Module

BUILTINS = frozenset(dir(builtins)) | {
    "__file__",
    "__name__",
    "__doc__",
    "__package__",
    "__spec__",
    "__loader__",
    "__path__",
}


@dataclass(frozen=True, slots=True)
class InModule:
    """A module of the project itself."""

    module: Module


@dataclass(frozen=True, slots=True)
class Defined:
    """A name that `module` binds by something other than one unambiguous import."""

    module: Module
    name: str


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project, by its dotted name as imported: `sqlite3.connect`."""

    name: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """A name that only `builtins` binds."""

    name: str


Target = InModule | Folder | Defined | External | Builtin
