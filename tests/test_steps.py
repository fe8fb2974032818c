"""Each step of codemods sees the tree that the steps before it leave; places are those of the disk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

from lazify import api, codemod
from lazify.codemod import Example
from lazify.errors import LazifyError
from lazify.index.view import View
from lazify.model.changes import Change, Edit, InsertBefore, Patch, Plan, Refusal, Replace
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, BindingKind
from lazify.model.places import Failure, Place


@dataclass
class Renaming:
    """Gives a module-level name another one, with two comment lines above its binding."""

    old: str
    new: str
    order: int = 100
    breaks: bool = False
    codes: ClassVar[Mapping[str, str]] = {"LZ101": "a name"}
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = ()
    seen: list[str] = field(default_factory=list)

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        for module in view.project.modules.values():
            self.seen.append(view.text(module).whole)
            for binding in module.facts.bindings.get(self.old, ()):
                if binding.kind is BindingKind.ASSIGN and binding.scope == MODULE:
                    at = Place(module.path, module.facts.statements[binding.statement].span)
                    key = f"{module.path}:{self.old}"
                    if key in view.declined:
                        yield Refusal(code="LZ101", title=self.old, at=at, reason="declined", blocked_by=at)
                        continue
                    code = "(" if self.breaks else self.new
                    edits: list[Edit] = [Replace(path=module.path, span=binding.span, code=code)]
                    edits.append(InsertBefore(path=module.path, span=at.span, code="# one\n# two\npass\n"))
                    title = f"{self.old} becomes {self.new}"
                    why = (Evidence(fact="it is there", at=at),)
                    yield Change(key=key, code="LZ101", title=title, at=at, why=why, edits=tuple(edits))


@dataclass
class Idle(Renaming):
    """Knows without looking at the tree that it has nothing to say."""

    def is_concerned(self, view: View) -> bool:
        return False


def load(root: Path, codemods: Sequence[Renaming], monkeypatch: pytest.MonkeyPatch) -> api.Loaded:
    monkeypatch.setattr(codemod, "load", lambda: tuple(codemods))
    monkeypatch.setattr(codemod, "homes", lambda: None)  # as for those of other packages
    return api.load(api.Request(paths=(root,)), progress=api.NoProgress())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tmp_path.joinpath("pyproject.toml").write_text("")
    tmp_path.joinpath("m.py").write_text("x = 1\ny = 2\nz = 3\n")
    tmp_path.joinpath("n.py").write_text("y = 2\n")
    return tmp_path


def after(loaded: api.Loaded, plan: Plan) -> dict[str, str]:
    _, patches = api.patches(loaded, plan, progress=api.NoProgress())
    return {patch.path.name: patch.after.decode() for patch in patches}


def test_a_step_sees_what_the_step_before_it_leaves(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = Renaming("b", "c", order=200)
    loaded = load(root, [Renaming("x", "b"), second], monkeypatch)
    plan = api.plan(loaded)

    assert second.seen[0] == "# one\n# two\npass\nb = 1\ny = 2\nz = 3\n"
    assert [change.title for change in plan.changes] == ["x becomes b", "b becomes c"]
    assert after(loaded, plan) == {"m.py": "# one\n# two\npass\n# one\n# two\npass\nc = 1\ny = 2\nz = 3\n"}


def test_codemods_of_one_hundred_see_the_same_tree(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = Renaming("b", "c", order=199)
    api.plan(load(root, [Renaming("x", "b"), second], monkeypatch))

    assert second.seen[0] == "x = 1\ny = 2\nz = 3\n"


def test_every_file_has_one_patch_from_the_disk_to_the_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codemods = [Renaming("x", "b"), Renaming("y", "d", order=200), Renaming("z", "e", order=300)]
    loaded = load(root, codemods, monkeypatch)
    _, patches = api.patches(loaded, api.plan(loaded), progress=api.NoProgress())

    assert [patch.path.name for patch in patches] == ["m.py", "n.py"]
    assert patches[0].before == b"x = 1\ny = 2\nz = 3\n"
    assert patches[0].after.decode().replace("# one\n# two\npass\n", "") == "b = 1\nd = 2\ne = 3\n"
    assert patches[1].after == b"# one\n# two\npass\nd = 2\n"


def test_places_are_those_of_the_files_on_the_disk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(root, [Renaming("x", "b"), Renaming("z", "c", order=200)], monkeypatch)
    change = api.plan(loaded).changes[1]
    refusal = api.plan(loaded, declined=frozenset({change.key})).refusals[0]

    assert change.at.span[:2] == (3, 0)
    assert change.why[0].at is not None
    assert change.why[0].at.span.line == 3
    assert refusal.at.span.line == 3
    assert refusal.blocked_by is not None
    assert refusal.blocked_by.span.line == 3


def test_a_line_that_an_earlier_step_rewrote_is_shown_where_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(root, [Renaming("y", "b"), Renaming("b", "c", order=200)], monkeypatch)

    assert [change.at.span.line for change in api.plan(loaded).changes if change.at.path.name == "m.py"] == [
        2,
        2,
    ]


def test_no_tree_is_made_for_a_codemod_that_has_nothing_to_say(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = Idle("x", "b", order=200)
    plan = api.plan(load(root, [Renaming("x", "b"), idle], monkeypatch))

    assert idle.seen == []
    assert plan.grounds == {}
    assert len(plan.changes) == 1


def test_declining_a_change_takes_back_what_rests_on_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(root, [Renaming("x", "b"), Renaming("b", "c", order=200)], monkeypatch)
    first = api.plan(loaded).changes[0]

    assert api.plan(loaded, declined=frozenset({first.key})).changes == ()


def test_what_an_earlier_step_cannot_write_is_refused_and_the_rest_is_done(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codemods = [Renaming("x", "b", breaks=True), Renaming("y", "b", order=110), Renaming("b", "c", order=200)]
    loaded = load(root, codemods, monkeypatch)
    plan = api.plan(loaded)

    # The file cannot be told which of its edits fails: what touches it is left, what does not is done.
    assert [change.title for change in plan.changes if change.at.path.name == "m.py"] == []
    assert [change.title for change in plan.changes if change.at.path.name == "n.py"] == [
        "y becomes b",
        "b becomes c",
    ]
    assert [failure.path.name for failure in plan.failures] == ["m.py"]
    assert {refusal.title for refusal in plan.refusals} >= {"x becomes b", "y becomes b"}
    assert after(loaded, plan) == {"n.py": "# one\n# two\npass\n# one\n# two\npass\nc = 2\n"}


def test_what_the_last_step_cannot_write_is_refused_and_the_rest_is_done(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(root, [Renaming("x", "b"), Renaming("b", "c", order=200, breaks=True)], monkeypatch)
    chosen, patches = api.patches(loaded, api.plan(loaded), progress=api.NoProgress())

    assert [change.title for change in chosen.changes] == ["x becomes b"]
    assert [refusal.title for refusal in chosen.refusals if refusal.reason != "declined"] == ["b becomes c"]
    assert [patch.after for patch in patches] == [b"# one\n# two\npass\nb = 1\ny = 2\nz = 3\n"]


def test_the_preview_of_a_change_shows_it_alone_where_earlier_steps_are_done(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(root, [Renaming("x", "b"), Renaming("y", "c", order=200)], monkeypatch)
    plan = api.plan(loaded)
    shown = {change.title: api.preview(loaded, plan, change, ()) for change in plan.changes[:2]}

    assert _sides(shown["x becomes b"]) == (
        "x = 1\ny = 2\nz = 3\n",
        "# one\n# two\npass\nb = 1\ny = 2\nz = 3\n",
    )
    before, changed = _sides(shown["y becomes c"])
    assert before == "# one\n# two\npass\nb = 1\ny = 2\nz = 3\n"
    assert changed == "# one\n# two\npass\nb = 1\n# one\n# two\npass\nc = 2\nz = 3\n"


def test_a_file_that_was_edited_meanwhile_fails_whatever_step_changes_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(root, [Renaming("x", "b"), Renaming("b", "c", order=200)], monkeypatch)
    plan = api.plan(loaded)
    root.joinpath("m.py").write_text("x = 5\n")

    with pytest.raises(LazifyError, match="was edited while lazify ran"):
        api.patches(loaded, plan, progress=api.NoProgress())


def _sides(results: Sequence[Patch | Failure]) -> tuple[str, str]:
    (patch,) = results
    assert isinstance(patch, Patch)
    return patch.before.decode(), patch.after.decode()
