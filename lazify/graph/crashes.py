"""What may fail while the entry is imported, and in which world: ranked, the most likely first."""

import builtins
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lazify.index.modules import Module
from lazify.model.effects import Effect, EffectKind
from lazify.model.graphs import Cause, CrashPoint, Mark
from lazify.model.places import Place
from lazify.order.around import ANYTHING, Surroundings
from lazify.statements import split_lines

CAUSES = {
    EffectKind.ENVIRONMENT: Cause.ENVIRONMENT,
    EffectKind.FILE_WRITE: Cause.READ_ONLY,
    EffectKind.NETWORK: Cause.NO_NETWORK,
    EffectKind.DATABASE: Cause.DATABASE,
    EffectKind.FILE_READ: Cause.MISSING_FILE,
    EffectKind.EXIT: Cause.EXIT,
}
"""What makes an effect of each kind fail; effects of other kinds hardly do."""
_OS = frozenset({"OSError", "IOError", "EnvironmentError"})
_CATCHING = {
    Cause.CERTAIN: frozenset({"ImportError", "AttributeError"}),
    Cause.ENVIRONMENT: frozenset({"KeyError", "LookupError", "ValueError"}),
    Cause.READ_ONLY: _OS | {"PermissionError"},
    Cause.NO_NETWORK: _OS | {"ConnectionError", "TimeoutError"},
    Cause.DATABASE: _OS | {"ConnectionError", "TimeoutError"},
    Cause.MISSING_PACKAGE: frozenset({"ImportError", "ModuleNotFoundError"}),
    Cause.MISSING_FILE: _OS | {"FileNotFoundError"},
    Cause.EXIT: frozenset({"SystemExit"}),
}
_OWN_ERRORS = frozenset({Cause.ENVIRONMENT, Cause.NO_NETWORK, Cause.DATABASE})
"""Libraries raise exceptions of their own there: a handler for one that Python does not have is for them."""
_UNRELATED = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "NameError"})
_FORGIVING = (
    *("glob.", "pathlib.Path.glob", "pathlib.Path.rglob", "pathlib.Path.walk", "os.walk", "mimetypes."),
    *("configparser.", "pkgutil.iter_modules", "pkgutil.walk_packages", "ssl."),
    *("io.", "json.load", "marshal.load", "pickle.load", "tomllib.load"),
)
"""What finds nothing where there is nothing (https://docs.python.org/3/library/os.html#os.walk, .../glob.html,
.../pathlib.html, .../mimetypes.html, .../configparser.html, .../pkgutil.html, .../ssl.html), and what reads from a
file that is open."""
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_SET = re.compile(r"""environ(?:\.setdefault\(\s*["'](\w+)["']|\[["'](\w+)["']\]\s*=(?!=))""")
_TEMPORARY = ("tempfile.", '"/tmp/', "'/tmp/")


def catches(cause: Cause) -> Callable[[str], bool]:
    """Tell the exceptions that a handler must name in order to catch failures of that cause."""
    named = _CATCHING[cause] | (ANYTHING if cause is not Cause.EXIT else {"", "BaseException"})

    def accepts(name: str) -> bool:
        is_library_s = name not in _UNRELATED and not hasattr(builtins, name)
        return name in named or (cause in _OWN_ERRORS and is_library_s)

    return accepts


@dataclass(frozen=True, slots=True)
class Way:
    """One import that may run a module."""

    importer: Module
    target: Module
    passing: tuple[Place, ...] = ()
    """The lines that its failure passes on its way up, as far as something may stand around them."""
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """All of them: a module is safe from failing the entry only if each way to it has a handler."""

    entries: tuple[Module, ...]
    ways: tuple[Way, ...]
    """In the order of running."""
    surroundings: Surroundings
    open_to: dict[Cause | None, frozenset[Module]] = field(default_factory=dict)
    """By cause, the modules whose failure reaches the entry; under None, those that run in any case."""

    def is_conditional(self, module: Module) -> bool:
        """Tell whether every way to the module depends on something."""
        return module not in self._open(None)

    def caught(self, cause: Cause, module: Module) -> Place | None:
        """Find a handler between the module and the entry, if no way lacks one."""
        seen: set[Module] = set()
        while module not in self._open(cause) and module not in seen:
            seen.add(module)
            way = next((each for each in self.ways if each.target is module), None)
            if way is None:
                break
            if (found := self._caught(cause, way)) is not None:
                return found
            module = way.importer
        return None

    def _caught(self, cause: Cause, way: Way) -> Place | None:
        found = (self.surroundings.caught(place, catches(cause)) for place in way.passing)
        return next((each for each in found if each is not None), None)

    def _open(self, cause: Cause | None) -> frozenset[Module]:
        if cause not in self.open_to:
            targets: dict[Module, list[Module]] = {}
            for way in self.ways:
                is_shut = way.is_conditional if cause is None else self._caught(cause, way) is not None
                if not is_shut:
                    targets.setdefault(way.importer, []).append(way.target)
            found, queue = set(self.entries), list(self.entries)
            while queue:
                fresh = [each for each in targets.get(queue.pop(), ()) if each not in found]
                found.update(fresh)
                queue += fresh
            self.open_to[cause] = frozenset(found)
        return self.open_to[cause]


@dataclass(frozen=True, slots=True)
class Crashing:
    """Finds the crash points of marks."""

    surroundings: Surroundings
    ways: Ways

    def of(self, module: Module, mark: Mark) -> Iterator[CrashPoint]:
        """Give one crash point for each cause."""
        told: set[Cause] = set()
        for effect, conditions in zip(mark.effects, mark.conditions, strict=True):
            cause = _cause(effect)
            if cause is None or cause in told or _is_temporary(effect):
                continue
            if cause is Cause.ENVIRONMENT and self._is_set_above(mark, effect):
                continue
            told.add(cause)
            yield CrashPoint(
                rank=0,
                cause=cause,
                module=module.name,
                at=mark.at,
                text=mark.text,
                what=effect.callee,
                why=effect.chain,
                conditions=conditions,
                is_conditional=self._is_conditional(module, mark, effect),
                caught_at=self.caught(cause, module, tuple(_places(mark, effect))),
            )

    def _is_set_above(self, mark: Mark, effect: Effect) -> bool:
        """Tell whether the file sets the variable above the statement that requires it."""
        names = set(_VARIABLE.findall(f"{effect.callee} {effect.chain[-1].fact}"))
        above = "".join(split_lines(self.surroundings.read(mark.at.path))[: mark.at.span.line - 1])
        return any(names & set(found.groups()) for found in _SET.finditer(above))

    def _is_conditional(self, module: Module, mark: Mark, effect: Effect) -> bool:
        if mark.is_conditional or self.ways.is_conditional(module):
            return True
        return any(self.surroundings.of(place).is_conditional for place in _places(mark, effect))

    def caught(self, cause: Cause, module: Module, places: Sequence[Place]) -> Place | None:
        """Find a handler that catches a failure of `module` which passes those places on its way up."""
        for place in places:
            if (found := self.surroundings.caught(place, catches(cause))) is not None:
                return found
        return self.ways.caught(cause, module)


def ranked(points: Sequence[CrashPoint]) -> tuple[CrashPoint, ...]:
    """Number the crash points, which come in the order of running: those that are caught come last."""
    order = sorted(points, key=lambda p: (p.caught_at is not None, p.cause, p.is_conditional))
    return tuple(replace(point, rank=number) for number, point in enumerate(order, start=1))


def _cause(effect: Effect) -> Cause | None:
    """What makes it fail; the databases of the standard library are files."""
    is_standard = effect.callee.partition(".")[0] in sys.stdlib_module_names
    if effect.kind is EffectKind.DATABASE and is_standard:
        return None if _is_in_memory(effect) else Cause.READ_ONLY
    if effect.kind is EffectKind.FILE_READ and not _minds(effect, is_standard=is_standard):
        return None
    return CAUSES.get(effect.kind)


def _minds(effect: Effect, *, is_standard: bool) -> bool:
    """Tell whether it raises where there is no file: most libraries look for their files and go on without."""
    if is_standard:
        return not effect.callee.startswith(_FORGIVING)
    return "raises" in effect.chain[-1].fact


def _is_in_memory(effect: Effect) -> bool:
    return any('":memory:"' in link.fact for link in effect.chain)


def _places(mark: Mark, effect: Effect) -> Iterator[Place]:
    """The lines that a failure passes, from the call that fails up to the module."""
    yield from (link.at for link in reversed(effect.chain) if link.at is not None)
    yield mark.at


def _is_temporary(effect: Effect) -> bool:
    """Tell whether it writes to the temporary folder, which is writable everywhere."""
    if effect.kind is not EffectKind.FILE_WRITE:
        return False
    last = next((link.fact for link in reversed(effect.chain) if link.at is not None), "")
    return effect.callee.startswith("tempfile.") or any(each in last for each in _TEMPORARY)
