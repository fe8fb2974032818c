"""Whatever the program: it does what it did, a second run changes nothing, undo restores it, any choice is consistent."""

import os

from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from lazify import api
from tests.fuzz.programs import Program, programs
from tests.fuzz.running import Run, applied, run, texts, written

EXAMPLES = int(os.environ.get("LAZIFY_FUZZ_EXAMPLES", "40"))
RELAXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="LAZIFY_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@RELAXED
@given(programs(), st.data())
def test_a_program_does_what_it_did_later(program: Program, data: st.DataObject) -> None:
    assume(all(_compiles(text) for path, text in program.files.items() if path.endswith(".py")))
    with written(program.files) as root:
        original, before = texts(root), run(root, program.driver)
        assume(before.imports)
        plan = applied(root, program.flags)
        assume(plan.changes)
        _the_same(before, run(root, program.driver), root)
        again = applied(root, program.flags)
        assert not again.changes, f"a second run changes {[change.title for change in again.changes]}"
        api.undo(root)
        assert texts(root) == original
        keys = sorted(change.key for change in plan.changes)
        declined = data.draw(st.sets(st.sampled_from(keys)), label="declined")
        if declined:
            applied(root, program.flags, declined=frozenset(declined))
            _the_same(before, run(root, program.driver), root)


def _the_same(before: Run, after: Run, root: object) -> None:
    from pathlib import Path

    note(
        "\n".join(
            f"# {name}\n{text}"
            for name, text in texts(Path(str(root))).items()
            if name.endswith(".py") and name != "res.py"
        )
    )
    assert after.imports, after.said
    assert after.said == before.said
    extra = list(after.opened)
    for path in before.opened:
        if path in extra:
            extra.remove(path)
    assert not extra, f"importing it opens {extra} more often"


def _compiles(text: str) -> bool:
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        return False
    return True
