"""What code does to the world when it runs, and how that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

from lazify.model.places import Place


class Level(IntEnum):
    """How much is known of a piece of code that runs at import."""

    SAFE = 0
    RISKY = 1
    """Unknown code runs."""
    DANGEROUS = 2
    """An effect is proven."""


class EffectKind(StrEnum):
    """What an effect touches."""

    FILE_READ = "file read"
    FILE_WRITE = "file write"
    NETWORK = "network"
    DATABASE = "database"
    PROCESS = "process"
    THREAD = "thread"
    ENTROPY = "entropy"
    ENVIRONMENT = "environment required"
    SLEEP = "sleep"
    HEAVY_IMPORT = "heavy import"
    EXIT = "exit"
    UNKNOWN = "unknown"
    # The rest make nothing DANGEROUS, but moving them changes what the program does.
    CLOCK = "clock"
    """Reads the time: the value would be another later."""
    STATE = "shared state"
    """Writes, or reads while others write, state that outlives the call: registries, counters, hooks."""
    LOOP = "event loop"
    """Runs or fetches the current event loop: fails or differs inside a running one."""
    SURROUNDINGS = "surroundings"
    """Reads what the program may change while it runs: optional variables, the working folder, the home."""


ORDER_KINDS = frozenset({EffectKind.CLOCK, EffectKind.STATE, EffectKind.LOOP})
"""Kinds that are no reason to rewrite, but a reason not to."""

LEVELS: Mapping[EffectKind, Level] = MappingProxyType(
    dict.fromkeys(EffectKind, Level.DANGEROUS)
    | dict.fromkeys((*ORDER_KINDS, EffectKind.SURROUNDINGS), Level.SAFE)
    | {EffectKind.UNKNOWN: Level.RISKY}
)
"""How sure an effect of each kind is: proven, or only suspected; SAFE is what is no reason to rewrite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact, and the line that shows it."""

    fact: str
    at: Place | None = None
    """None for facts of the knowledge base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect of running a statement, with the chain from the statement down to the callable that has it."""

    kind: EffectKind
    callee: str
    """The qualified name of the callable that has it: `sqlite3.connect`."""
    chain: tuple[Evidence, ...]

    @property
    def level(self) -> Level:
        """How sure the effect is."""
        return LEVELS[self.kind]
