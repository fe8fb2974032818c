"""How much a change takes: the weight of an edge that may be cut."""

from lazify.imports.decision import Decision
from lazify.imports.pins import runtime_uses, typing_uses
from lazify.imports.placement import spots


def effort(decision: Decision) -> int:
    """Estimate how many edits a decision takes: what goes, what comes into functions, and what follows."""
    placed = {
        spot
        for name in decision.moving
        for spot in spots(decision.candidate.module, runtime_uses(decision.candidate, name))
    }
    typed = sum(len(typing_uses(decision.candidate, name)) for name in decision.moving)
    followed = sum(len(decision.followed.get(name, ())) for name in decision.moving)
    return len(decision.imports) + len(placed) + typed + followed
