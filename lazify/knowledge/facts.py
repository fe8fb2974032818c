"""What is known of one callable that lazify did not read."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum

from lazify.model.effects import EffectKind
from lazify.model.facts import Argument, LiteralRef


class Holds(Enum):
    """Whether a test of an argument holds, as far as syntax tells."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Other effects, where one argument passes a test."""

    argument: str = ""
    at: int | None = None
    """Its position; None if it can only be passed by keyword."""
    given: bool | None = None
    """The test: it is passed (and not the constant None), or it is not."""
    is_passed: bool = False
    """The test: it is passed, were it None."""
    values: tuple[str | int | float | bool, ...] = ()
    """The test: it is one of these."""
    has: str = ""
    """The test: it is a string with one of these characters."""
    starts: tuple[str, ...] = ()
    """The test: it is a string that starts with one of these."""
    words: frozenset[str] = frozenset()
    """The test instead: the code around the call, or around what it is given, names one of these."""
    effects: tuple[EffectKind, ...]

    def holds(self, arguments: Sequence[Argument], words: Set[str] = frozenset()) -> Holds:
        """MAYBE where the argument is no constant, or could hide in `*` or `**`."""
        if self.words:
            return _holds(not self.words.isdisjoint(words))
        passed = find(arguments, self.argument, self.at)
        if passed is None:
            is_open = any(argument.keyword in _unpackings(self.at) for argument in arguments)
            return Holds.MAYBE if is_open else _holds(self.given is False)
        if self.is_passed:
            return Holds.YES
        if self.given is not None:
            is_none = passed.constant is None and passed.ref == LiteralRef("None")
            return _holds(self.given is not is_none)
        if passed.constant is None:
            return Holds.NO if passed.ref == LiteralRef("None") else Holds.MAYBE
        return _holds(self._accepts(passed))

    def _accepts(self, passed: Argument) -> bool:
        if self.values:
            return passed.constant in self.values
        text = passed.constant
        if not isinstance(text, str):
            return False
        return text.startswith(self.starts) if self.starts else any(letter in self.has for letter in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What calling one callable does, or whose instance a name is."""

    name: str
    """Its name in the knowledge base: another than was asked for, for aliases and inherited methods."""
    rule: str
    """The entry that says what it does: the name itself, or `math.*`."""
    effects: tuple[EffectKind, ...] = ()
    """Of a call, whatever the arguments are: see `applies`."""
    cases: tuple[Case, ...] = ()
    is_declaration: bool = False
    """Must be made where it stands, under the name it has: TypeVar, locks, sentinels."""
    is_class: bool | None = None
    """None where the entry is a rule for many names."""
    mutates: bool = False
    """Changes the object it is called on (and nothing else, unless `effects` says so)."""
    is_decorator: bool = False
    """Gives a passed function or class back, bare or after being called: calling that calls the function."""
    calls: tuple[int | str, ...] = ()
    """Positions and keywords of the callables that it calls before it returns."""
    keeps: tuple[int | str, ...] = ()
    """Positions and keywords of arguments that it only keeps in what it gives: nothing of them but their class is
    looked at, whatever functions change of them. `*` stands for all."""
    returns: str | None = None
    """The class whose instance a call gives, awaited if need be; for classes themselves see `result`."""
    value: str | None = None
    """The class whose instance the name is, for names that are no callables."""
    bases: tuple[str, ...] = ()
    subclassing: tuple[EffectKind, ...] = ()
    """What defining a subclass does."""
    needs_fields: bool = False
    """The effects happen only in a subclass that declares a field without a default."""
    source: str
    """Where the fact can be checked."""
    inferred: str | None = None
    """What it was concluded from, where no page states it."""
    innocence: str | None = None
    """Why it does nothing yet, for what people suspect of working at once."""

    @property
    def is_harmless(self) -> bool:
        """No arguments give it an effect."""
        return not self.effects and not any(case.effects for case in self.cases)

    @property
    def calls_arguments(self) -> bool:
        """Some argument is called before it returns."""
        return bool(self.calls)

    def keeps_argument(self, place: int | str) -> bool:
        """Tell whether what is passed there is only kept."""
        return place in self.keeps or "*" in self.keeps

    @property
    def result(self) -> str | None:
        """The class whose instance a call gives."""
        return self.returns or (self.name if self.is_class else None)

    @property
    def looks_at_words(self) -> bool:
        """What is written around a call matters."""
        return any(case.words for case in self.cases)

    def applies(self, arguments: Sequence[Argument], words: Set[str] = frozenset()) -> tuple[EffectKind, ...]:
        """The effects of such a call, among these words: of the first case that provably holds, else all."""
        for case in self.cases:
            if case.holds(arguments, words) is Holds.YES:
                return case.effects
        return self.effects

    def called(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        """The arguments that are called before it returns."""
        return tuple(argument for place, argument in _placed(arguments) if place in self.calls)


def find(arguments: Sequence[Argument], keyword: str, at: int | None) -> Argument | None:
    """The argument for that parameter, unless it is not passed or could hide in `*` or `**`."""
    for place, argument in _placed(arguments):
        if place == keyword or (at is not None and place == at):
            return argument
    return None


def _placed(arguments: Sequence[Argument]) -> Iterator[tuple[int | str, Argument]]:
    """Each argument with its keyword or its position; those whose position depends on a `*` are left out."""
    is_open = False
    for position, argument in enumerate(arguments):
        if argument.keyword is not None:
            is_open = is_open or argument.keyword == "*"
            yield argument.keyword, argument
        elif not is_open:
            yield position, argument


def _unpackings(at: int | None) -> tuple[str, ...]:
    return ("**",) if at is None else ("*", "**")


def _holds(answer: bool) -> Holds:  # noqa: FBT001 - converts the one value it takes
    return Holds.YES if answer else Holds.NO
