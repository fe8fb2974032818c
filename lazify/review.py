"""Accept or refuse one change at a time; what is left is consistent at every moment."""

from collections.abc import Callable, Collection, Sequence

from lazify.model.changes import Change, Plan

HELP = """\
y - make this change, with those it requires
n - do not make this change
a - make this change and all the rest
d - do not make this change nor any of the rest
q - quit; nothing at all is written
? - print help"""

_WORDS = {"yes": "y", "no": "n", "all": "a", "done": "d", "quit": "q"}

Replan = Callable[[frozenset[str]], Plan]
"""Plans again without the changes of these keys."""
Show = Callable[[Change, Sequence[Change]], None]
"""Shows a change, and those that it brings along."""
Ask = Callable[[str], str]
"""Puts a question and gives the answer; raises EOFError where there is none."""
Tell = Callable[[str], None]


def review(plan: Plan, *, replan: Replan, show: Show, ask: Ask, tell: Tell) -> Plan | None:
    """Give the plan that is left when every change has been decided; None if nothing shall be written."""
    choice = _Choice(plan, replan=replan, tell=tell)
    while (change := choice.undecided()) is not None:
        needed = choice.needed(change)
        show(change, needed)
        match _answer(f"{choice.progress()} make this change [y,n,a,d,q,?]? ", ask=ask, tell=tell):
            case "y":
                choice.accept([change, *needed])
            case "n":
                choice.decline({change.key}, asking_again=True)
            case "a":
                break
            case "d":
                choice.decline_the_rest()
            case _:
                return None
    return choice.plan


def _answer(question: str, *, ask: Ask, tell: Tell) -> str:
    while True:
        try:
            answer = ask(question).strip().lower()
        except EOFError:
            return "q"
        answer = _WORDS.get(answer, answer)
        if answer in {"y", "n", "a", "d", "q"}:
            return answer
        tell(HELP)


class _Choice:
    """What has been decided, and the plan that follows from it."""

    def __init__(self, plan: Plan, *, replan: Replan, tell: Tell) -> None:
        self.plan = plan
        self._replan = replan
        self._tell = tell
        self._accepted: set[str] = set()
        self._declined: set[str] = set()

    def undecided(self) -> Change | None:
        return next((change for change in self.plan.changes if change.key not in self._accepted), None)

    def progress(self) -> str:
        decided = len(self._accepted) + len(self._declined)
        return f"({decided + 1}/{len(self.plan.changes) + len(self._declined)})"

    def needed(self, change: Change) -> list[Change]:
        """The changes that must be made with this one, in the order of the plan."""
        by_key = {other.key: other for other in self.plan.changes}
        keys, open_keys = {change.key}, [change.key]
        while open_keys:
            more = by_key[open_keys.pop()].requires & by_key.keys() - keys
            keys |= more
            open_keys += more
        return [other for other in self.plan.changes if other.key in keys and other.key != change.key]

    def accept(self, changes: Collection[Change]) -> None:
        self._accepted |= {change.key for change in changes}

    def decline(self, keys: Collection[str], *, asking_again: bool) -> None:
        before = self.plan
        self._declined |= set(keys)
        self.plan = self._replan(frozenset(self._declined))
        after = {change.key: change for change in self.plan.changes}
        if again := after.keys() & self._declined:
            raise RuntimeError(f"planned again although declined: {', '.join(sorted(again))}")
        for change in before.changes:
            if change.key not in self._declined:
                self._follow(change, after.get(change.key), asking_again=asking_again)

    def decline_the_rest(self) -> None:
        # A new plan may hold changes that the one before had no use for: they are of the rest, too.
        while self.undecided() is not None:
            rest = {change.key for change in self.plan.changes} - self._accepted
            self.decline(rest, asking_again=False)

    def _follow(self, before: Change, after: Change | None, *, asking_again: bool) -> None:
        was_accepted = before.key in self._accepted
        if after is None:
            self._accepted.discard(before.key)
            self._tell(f"dropped with it{' although accepted' if was_accepted else ''}: {_named(before)}")
        elif was_accepted and (before.title, before.edits) != (after.title, after.edits):
            self._tell(f"looks different now: {_named(after)}")
            if asking_again:
                self._accepted.discard(before.key)


def _named(change: Change) -> str:
    return f"{change.code} {change.title}"
