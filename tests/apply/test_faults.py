"""A fault at every operation of apply, undo and recover: the tree is as before or as after, byte for byte."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from lazify.apply import Outcome, apply, recover, undo
from lazify.errors import ApplyError
from lazify.model.changes import Patch
from tests.apply import faults
from tests.apply.cases import (
    SHAPES,
    Build,
    Case,
    after_of,
    assert_settled,
    assert_usable,
    struck,
    two_files,
    two_services,
)
from tests.apply.faults import Fault, FaultyDisk, Killed, PowerlessDisk
from tests.apply.trees import NEW, OLD, tree

MEMORY = Path("/dev/shm")

ERRORS: list[Fault] = [
    faults.denied,
    faults.broken,
    faults.interrupted_before,
    faults.interrupted_after,
]
DEATHS: list[Fault] = [faults.killed, faults.killed_halfway]
LOSSES: dict[str, Callable[[Path], bool]] = {
    "no_names": lambda _: False,
    "all_names": lambda _: True,
    "names_of_the_journal": lambda path: ".lazify" in path.parts,
    "names_of_the_project": lambda path: ".lazify" not in path.parts,
}


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory where the system has a folder for it: thousands of projects are made, and no disk is wanted."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder).resolve()


@pytest.mark.parametrize("command", ["apply", "undo"])
@pytest.mark.parametrize("fault", ERRORS)
@pytest.mark.parametrize("build", SHAPES)
def test_an_error_or_an_interrupt_leaves_every_file_as_it_was(
    build: Build, fault: Fault, command: str, tmp_path: Path
) -> None:
    after = after_of(build, tmp_path / "after")
    for case, ended in struck(build, command, lambda at: FaultyDisk(fault, at=at), tmp_path):
        assert isinstance(ended, KeyboardInterrupt | ApplyError)
        assert tree(case.home) == case.start
        assert_settled(case.home)
        assert_usable(case, after)


@pytest.mark.parametrize("repair", ["recover", "undo"])
@pytest.mark.parametrize("command", ["apply", "undo"])
@pytest.mark.parametrize("fault", DEATHS)
@pytest.mark.parametrize("build", SHAPES)
def test_a_killed_run_is_ended_by_the_next_command(
    build: Build, fault: Fault, command: str, repair: str, tmp_path: Path
) -> None:
    after = after_of(build, tmp_path / "after")
    for case, ended in struck(build, command, lambda at: FaultyDisk(fault, at=at), tmp_path):
        assert isinstance(ended, Killed)
        (undo if repair == "undo" else recover)(case.home, disk=FaultyDisk())
        assert tree(case.home) in ([case.before] if repair == "undo" else [case.before, after])
        assert_settled(case.home)
        assert_usable(case, after)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("command", ["apply", "undo"])
def test_a_power_cut_loses_nothing_that_was_not_safe(command: str, loss: str, tmp_path: Path) -> None:
    after = after_of(two_services, tmp_path / "after")

    def disk_of(at: int) -> FaultyDisk:
        attic = tmp_path / f"attic{at}"
        attic.mkdir()
        return PowerlessDisk(faults.power_cut, at=at, loses=LOSSES[loss], attic=attic)

    for case, ended in struck(two_services, command, disk_of, tmp_path):
        assert isinstance(ended, Killed)
        recover(case.home, disk=FaultyDisk())
        assert tree(case.home) in (case.before, after)
        assert_settled(case.home)
        assert_usable(case, after)


@pytest.mark.parametrize("command", ["apply", "undo"])
@pytest.mark.parametrize("fault", [faults.killed_halfway, faults.denied])
def test_a_recovery_that_is_cut_off_can_be_begun_again(fault: Fault, command: str, tmp_path: Path) -> None:
    after = after_of(two_files, tmp_path / "after")
    for second in count(1):
        was_struck = False
        for case, _ in struck(
            two_files, command, lambda at: FaultyDisk(faults.killed, at=at), tmp_path / f"{second}"
        ):
            disk = FaultyDisk(fault, at=second)
            try:
                recover(case.home, disk=disk)
            except (ApplyError, Killed):
                was_struck = True
            recover(case.home, disk=FaultyDisk())
            assert tree(case.home) in (case.before, after)
            assert_settled(case.home)
        if not was_struck:
            return


@pytest.mark.parametrize("command", ["apply", "undo"])
@pytest.mark.parametrize("later", range(1, 25, 3))
def test_a_run_that_is_killed_while_it_puts_back_is_ended_by_the_next_command(
    later: int, command: str, tmp_path: Path
) -> None:
    after = after_of(two_files, tmp_path / "after")

    def interrupted_then_killed(disk: FaultyDisk, operation: faults.Operation) -> None:
        disk.at, disk.fault = disk.at + later, faults.killed
        raise KeyboardInterrupt

    first = FaultyDisk()
    Case(home=tmp_path / "count", patches=two_files(tmp_path / "count"), command=command).run(first)
    for at in range(1, first.operations + 1):
        home = tmp_path / str(at)
        case = Case(home=home, patches=two_files(home), command=command)
        case.run(FaultyDisk(interrupted_then_killed, at=at))
        recover(home, disk=FaultyDisk())
        assert tree(home) in (case.before, after)
        assert_settled(home)


@pytest.mark.parametrize("command", ["apply", "undo"])
def test_what_cannot_be_put_back_is_said_and_waits_for_the_next_command(command: str, tmp_path: Path) -> None:
    after = after_of(two_services, tmp_path / "after")
    messages = []
    for case, ended in struck(
        two_services, command, lambda at: FaultyDisk(faults.denied_for_good, at=at), tmp_path
    ):
        messages.append(str(ended))
        recover(case.home, disk=FaultyDisk())
        assert tree(case.home) in (case.before, after)
        assert_usable(case, after)
    assert all("Permission denied" in message for message in messages)
    assert any("could not be put back" in message and "run `lazify undo`" in message for message in messages)


@pytest.mark.parametrize("command", ["apply", "undo"])
@pytest.mark.parametrize("build", SHAPES)
def test_a_disk_that_fills_up_stops_the_run_unless_all_is_written(
    build: Build, command: str, tmp_path: Path
) -> None:
    after = after_of(build, tmp_path / "after")
    for case, ended in struck(build, command, lambda at: FaultyDisk(faults.disk_full, at=at), tmp_path):
        assert ended is None or "the disk is full: free some space, then run lazify again" in str(ended)
        assert (tree(case.home) == case.start) is (ended is not None)
        assert_settled(case.home)
        assert_usable(case, after)


def test_a_full_disk_is_said_with_the_folder_where_no_more_fits(tmp_path: Path) -> None:
    cases = struck(two_services, "apply", lambda at: FaultyDisk(faults.disk_full, at=at), tmp_path)
    messages = [str(ended) for _, ended in cases]
    assert any(message.startswith("one/app: the disk is full") for message in messages)
    assert any(message.endswith("Every file is as it was.") for message in messages)


@pytest.mark.parametrize("edited", ["one/app/main.py", "one/app/db.py", "two/app/main.py"])
def test_an_edit_between_a_kill_and_the_next_command_is_kept(edited: str, tmp_path: Path) -> None:
    outcomes = set()
    for case, _ in struck(two_services, "apply", lambda at: FaultyDisk(faults.killed, at=at), tmp_path):
        mine = case.home / edited
        stood = mine.read_bytes()
        mine.write_bytes(stood + b"mine\n")
        recoveries = recover(case.home, disk=FaultyDisk())
        assert mine.read_bytes() == stood + b"mine\n"
        [others] = {patch.path.read_bytes() for patch in case.patches if patch.path != mine}
        if stood == NEW and others == OLD:
            [recovery] = recoveries
            assert recovery.edited == (mine,) and recovery.rescued is not None
            assert (recovery.rescued / edited).read_bytes() == OLD
            assert "edited since, and left as they are" in str(recovery)
        outcomes.add((stood, others))
        assert_settled(case.home)
    assert outcomes >= {(OLD, OLD), (NEW, NEW)}
    assert (OLD, NEW) not in outcomes


@pytest.mark.parametrize("command", ["apply", "undo"])
def test_undo_after_a_kill_takes_back_what_was_cut_off_and_nothing_older(
    command: str, tmp_path: Path
) -> None:
    def with_history(home: Path) -> list[Patch]:
        patches = two_files(home)
        apply(patches, home=home, disk=FaultyDisk())
        return [Patch(path=patch.path, before=NEW, after=b"third\n") for patch in patches]

    for case, _ in struck(with_history, command, lambda at: FaultyDisk(faults.killed, at=at), tmp_path):
        if case.is_begun:
            undo(case.home, disk=FaultyDisk())
            assert tree(case.home) == case.before


def test_an_edit_between_a_killed_undo_and_the_next_command_is_kept(tmp_path: Path) -> None:
    for case, _ in struck(two_files, "undo", lambda at: FaultyDisk(faults.killed, at=at), tmp_path):
        if case.is_begun:
            mine = case.home / "a.py"
            mine.write_bytes(b"mine\n")
            [recovery] = recover(case.home, disk=FaultyDisk())
            assert (mine.read_bytes(), (case.home / "b.py").read_bytes()) == (b"mine\n", OLD)
            assert recovery.rescued is not None
            assert (recovery.rescued / "a.py").read_bytes() == OLD


def test_what_ended_is_told_as_what_was_begun(tmp_path: Path) -> None:
    ends: dict[str, set[Outcome]] = {"apply": set(), "undo": set()}
    for command, outcomes in ends.items():
        cases = struck(two_files, command, lambda at: FaultyDisk(faults.killed, at=at), tmp_path / command)
        for case, _ in cases:
            outcomes.update(recovery.outcome for recovery in recover(case.home, disk=FaultyDisk()))
    assert ends == {"apply": {Outcome.TAKEN_BACK, Outcome.COMPLETED}, "undo": {Outcome.UNDONE}}


@pytest.mark.parametrize("fault", [faults.denied, faults.interrupted_after])
def test_an_undo_that_fails_leaves_the_modes_that_it_found(fault: Fault, tmp_path: Path) -> None:
    def opened_up(home: Path) -> list[Patch]:
        patches = two_files(home)
        apply(patches, home=home, disk=FaultyDisk())
        for patch in patches:
            patch.path.chmod(0o666)
        return patches

    for at in count(1):
        home = tmp_path / str(at)
        opened_up(home)
        start, disk = tree(home), FaultyDisk(fault, at=at)
        with contextlib.suppress(ApplyError, KeyboardInterrupt):
            undo(home, disk=disk)
        if not disk.was_struck:
            return
        assert tree(home) == start


def test_more_than_500_faults_are_injected(tmp_path: Path) -> None:
    operations = {}
    for build in SHAPES:
        for command in ("apply", "undo"):
            home, disk = tmp_path / f"{build.__name__}-{command}", FaultyDisk()
            Case(home=home, patches=build(home), command=command).run(disk)
            operations[build, command] = disk.operations
    at_every_shape = sum(operations.values()) * len([*ERRORS, faults.disk_full, *DEATHS, *DEATHS])
    power_cuts = sum(operations[two_services, command] for command in ("apply", "undo")) * len(LOSSES)
    print(f"{at_every_shape + power_cuts} faults")  # pytest -s shows it
    assert at_every_shape + power_cuts > 500
