"""`python -m tests.fuzz --programs 1000 --seed 1`: draw programs for long, and write down the smallest that fail."""

from collections import Counter
from pathlib import Path

import click
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.faults import Fault, Useless, reduced, tried
from tests.fuzz.programs import Program, programs


@click.command()
@click.option("--programs", "count", default=1000, show_default=True, help="How many to draw.")
@click.option("--seed", "number", default=1, show_default=True, help="Equal seeds draw equal programs.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("fuzz-failures"),
    help="Where failures are written.",
)
def main(count: int, number: int, into: Path) -> None:
    """Draw programs, apply lazify, run both trees; count what came of it."""
    outcomes: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def draw(program: Program) -> None:
        found = tried(program)
        outcomes[_outcome(found)] += 1
        if isinstance(found, Fault):
            smallest = reduced(program, found.kind)
            into.mkdir(exist_ok=True)
            path = into / f"{number}-{outcomes.total()}.txt"
            path.write_text(f"{smallest!r}\n{tried(smallest)}\n", encoding="utf-8")
            click.echo(f"{found.kind}: {path}", err=True)

    draw()
    for outcome, times in outcomes.most_common():
        click.echo(f"{times:6} {outcome}")
    raise SystemExit(any(outcome.startswith("WRONG") for outcome in outcomes))


def _outcome(found: Fault | Useless | None) -> str:
    match found:
        case None:
            return "does what it did"
        case Useless(why):
            return f"left out: {why}"
        case Fault(kind=kind):
            return f"WRONG: {kind}"


main()
