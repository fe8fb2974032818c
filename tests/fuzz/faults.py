"""What must hold of every program, and what is wrong where it does not."""

import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from lazify import api
from lazify.model.changes import Plan
from tests.fuzz.programs import Program
from tests.fuzz.running import Run, Runner, applied, texts, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A property that a program shows to be false."""

    kind: str
    """Equal for equal properties, so that a smaller program can be told to show the same."""
    detail: str
    after: dict[str, str]
    """The tree that shows it."""

    def __str__(self) -> str:
        """Show the tree, too."""
        shown = (
            f"# {name}\n{text}"
            for name, text in self.after.items()
            if name.endswith(".py") and name != "res.py"
        )
        return "\n".join((f"{self.kind}: {self.detail}", *shown))


@dataclass(frozen=True, slots=True)
class Useless:
    """Why a program says nothing about lazify."""

    why: str
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything holds; with what was done."""

    plan: Plan


Outcome = Fault | Useless | Held


def tried(program: Program, runner: Runner) -> Outcome:
    """Apply lazify to a program, whole and in part."""
    if not all(_compiles(text) for text in program.modules.values()):
        return Useless("it does not compile")
    with written(program.files) as root:
        original, before = texts(root), _seen(program, root, runner)
        if not before.imports:
            return Useless("importing it fails")
        plan = applied(root, program.flags)
        if not plan.changes:
            return Useless("nothing can wait", plan)
        if wrong := _difference(before, _seen(program, root, runner), root, "applied"):
            return wrong
        if again := applied(root, program.flags).changes:
            return Fault(kind="a second run changes", detail=again[0].title, after=texts(root))
        api.undo(root)
        if texts(root) != original:
            return Fault(kind="undo leaves a difference", detail="", after=texts(root))
        declined = _some(sorted(change.key for change in plan.changes), seed=repr(program))
        applied(root, program.flags, declined=declined)
        return _difference(before, _seen(program, root, runner), root, "applied in part") or Held(plan)


def _seen(program: Program, root: Path, runner: Runner) -> Run:
    """Run the program in a copy of its folder: it may write files."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(root, Path(folder).resolve() / root.name)
        return runner.run(copy, program.driver)


def reduced(program: Program, kind: str, runner: Runner) -> Program:
    """Leave out whatever can be left out while the program shows a fault of the same kind."""

    def still_fails(smaller: Program) -> bool:
        found = tried(smaller, runner)
        return isinstance(found, Fault) and found.kind == kind

    while True:
        smaller = next((each for each in _smaller(program) if still_fails(each)), None)
        if smaller is None:
            return program
        program = smaller


def _smaller(program: Program) -> list[Program]:
    """List the program without one module, one flag, one definition, one line."""
    found = []
    for path in program.modules:
        others = {name: text for name, text in program.modules.items() if name != path}
        module = path.removesuffix(".py").replace("/", ".")
        found.append(
            replace(program, modules=others, order=tuple(each for each in program.order if each != module))
        )
    for flag in program.flags:
        found.append(replace(program, flags={k: v for k, v in program.flags.items() if k != flag}))
    for path, text in program.modules.items():
        for separator in ("\n\n\n", "\n"):
            parts = text.split(separator)
            for place in range(len(parts) if len(parts) > 1 else 0):
                rest = separator.join(parts[:place] + parts[place + 1 :])
                found.append(replace(program, modules={**program.modules, path: rest}))
    return found


def _difference(before: Run, after: Run, root: Path, when: str) -> Fault | None:
    if not after.imports:
        return Fault(kind=f"{when}, it does not import", detail=after.said, after=texts(root))
    if after.said != before.said:
        lines, others = before.said.splitlines(), after.said.splitlines()
        detail = "\n".join(unified_diff(lines, others, "it said", "it says", n=4, lineterm=""))
        return Fault(kind=f"{when}, it does something else", detail=detail, after=texts(root))
    more = Counter(after.opened) - Counter(before.opened)
    if more:
        return Fault(kind=f"{when}, importing it opens more", detail=str(more), after=texts(root))
    return None


def _some(keys: list[str], *, seed: str) -> frozenset[str]:
    """Choose changes to decline: the same for the same program."""
    chance = random.Random(seed)
    return frozenset(key for key in keys if chance.random() < 0.5)


def _compiles(text: str) -> bool:
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        return False
    return True
