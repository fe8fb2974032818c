"""`python -m tests.fuzz --programs 1000 --seed 1`: draw programs for long, and write down the smallest that fail."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from hypothesis import HealthCheck, Phase, given, seed, settings

from lazify.model.changes import Plan
from tests.fuzz.faults import Fault, Held, Outcome, Useless, reduced, tried
from tests.fuzz.programs import HEAVY, Program, programs
from tests.fuzz.running import Runner
from tests.fuzz.stateful import stateful

MODES: Mapping[str, Mapping[str, object] | None] = {
    "drawn": None,
    "normal": {},
    "singletons": {"singleton": ("*",), "risky": True},
    "heavy": {"heavy": HEAVY},
}


@click.command()
@click.option("--programs", "count", default=1000, show_default=True, help="How many to draw.")
@click.option("--seed", "number", default=1, show_default=True, help="Equal seeds draw equal programs.")
@click.option("--mode", type=click.Choice(list(MODES)), default="drawn", help="What lazify is asked for.")
@click.option("--states", is_flag=True, help="Draw values that come from what functions change.")
@click.option(
    "--packages",
    type=click.Path(path_type=Path, exists=True),
    help="A folder with Starlette before 1.0 and its FastAPI; the programs are made for them.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("fuzz-failures"),
    help="Where failures are written.",
)
def main(count: int, number: int, mode: str, packages: Path | None, into: Path, *, states: bool) -> None:
    """Draw programs, apply lazify, run both trees; count what came of it."""
    outcomes: Counter[str] = Counter()
    lifespans: Counter[str] = Counter()
    runner = Runner(packages)
    flags = MODES[mode]
    drawn = stateful(flags=flags) if states else programs(flags=flags, is_old=packages is not None)

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def draw(program: Program) -> None:
        found = tried(program, runner)
        outcomes[_outcome(found)] += 1
        lifespans.update(_lifespans(found))
        if isinstance(found, Fault):
            into.mkdir(exist_ok=True)
            path = into / f"{'states-' if states else ''}{mode}-{number}-{outcomes.total()}.txt"
            path.write_text(f"{program!r}\n{found}\n", encoding="utf-8")
            smallest = reduced(program, found.kind, runner)
            path.write_text(f"{smallest!r}\n{tried(smallest, runner)}\n", encoding="utf-8")
            click.echo(f"{found.kind}: {path}", err=True)

    draw()
    runner.close()
    for counted in (outcomes, lifespans):
        click.echo("\n".join(f"{times:6} {what}" for what, times in counted.most_common()) + "\n")
    raise SystemExit(any(outcome.startswith("WRONG") for outcome in outcomes))


def _outcome(found: Outcome) -> str:
    match found:
        case Held():
            return "does what it did"
        case Useless(why):
            return f"left out: {why}"
        case Fault(kind=kind):
            return f"WRONG: {kind}"


def _lifespans(found: Outcome) -> set[str]:
    """What was decided about handlers in one program, each once."""
    plan: Plan | None = None if isinstance(found, Fault) else found.plan
    if plan is None:
        return set()
    rewritten = {f"rewritten: {each.code}" for each in plan.changes if each.code.startswith("LZ3")}
    refused = {f"refused: {_kind(each.reason)}" for each in plan.refusals if each.code.startswith("LZ3")}
    both = {"a lifespan is rewritten"} if rewritten else set()
    mixed = rewritten and any(not each.code.startswith("LZ3") for each in plan.changes)
    both |= {"… with other changes"} if mixed else set()
    both |= {"handlers are refused"} if refused else set()
    return rewritten | refused | both


def _kind(reason: str) -> str:
    """Equal for equal reasons, whatever they are about."""
    return re.sub(r"\w*\d+\w*|\(\S+:\d+\)", "…", reason)


main()
