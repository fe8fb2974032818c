"""The same with nothing simulated: processes killed by the kernel, a disk that is really full, a real Ctrl-C."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lazify.apply import RealDisk, apply, recover, undo
from lazify.errors import ApplyError
from lazify.model.changes import Patch
from tests.apply.trees import NEW, OLD, contents, project, tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, forks and mounts as POSIX has them")

REPOSITORY = Path(__file__).parents[2]
FORKS = """
import os, signal, sys
from pathlib import Path
from lazify.apply import apply, undo
from lazify.errors import ApplyError
from tests.apply.faults import FaultyDisk
from tests.apply.trees import project

def strike(disk, operation):
    operation.perform_half()
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    operation.perform()

def run(home, at):
    patches = project(home)
    if sys.argv[3] == "undo":
        apply(patches, home=home, disk=FaultyDisk())
    disk = FaultyDisk(strike, at=at)
    try:
        apply(patches, home=home, disk=disk) if sys.argv[3] == "apply" else undo(home, disk=disk)
    except KeyboardInterrupt:
        os._exit(130)
    os._exit(0 if disk.was_struck else 99)

at = 1
while True:
    child = os.fork()
    if not child:
        run(Path(sys.argv[1], str(at)), at)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 99:
        break
    print(at, status)
    at += 1
"""


def struck_by(name: str, command: str, folder: Path) -> Iterator[tuple[Path, int]]:
    """One process for each operation, in which it gets the signal: its project, and how it ended."""
    program = [sys.executable, "-c", FORKS, str(folder), name, command]
    lines = subprocess.run(
        program, cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert len(lines) > 10
    for line in lines:
        at, status = line.split()
        yield folder / at, int(status)


@pytest.mark.parametrize("command", ["apply", "undo"])
def test_kill_9_at_every_operation_leaves_what_the_next_command_ends(command: str, tmp_path: Path) -> None:
    for home, status in struck_by("SIGKILL", command, tmp_path):
        assert status == -signal.SIGKILL
        recover(home)
        patches = project_in(home)
        assert contents(patches) in ([OLD, OLD], [NEW, NEW])
        assert recover(home) == ()
        undo(home)
        assert contents(patches) == [OLD, OLD]
        assert sorted(path.name for path in (home / "app").iterdir()) == ["a.py", "b.py"]


@pytest.mark.parametrize("command", ["apply", "undo"])
def test_ctrl_c_at_every_operation_puts_every_file_back(command: str, tmp_path: Path) -> None:
    for home, status in struck_by("SIGINT", command, tmp_path):
        assert status == 130
        assert contents(project_in(home)) == ([OLD, OLD] if command == "apply" else [NEW, NEW])
        assert recover(home) == ()
        assert sorted(path.name for path in (home / "app").iterdir()) == ["a.py", "b.py"]


def project_in(home: Path) -> list[Patch]:
    return [Patch(path=home / name, before=OLD, after=NEW) for name in ("app/a.py", "app/b.py")]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB, in memory."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def fill(path: Path, *, leaving: int) -> None:
    with path.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        file.truncate(file.tell() if leaving == 0 else max(0, os.fstat(file.fileno()).st_size - leaving))


@pytest.mark.parametrize("command", ["apply", "undo"])
def test_a_disk_that_is_really_full_stops_the_run_with_every_file_as_it_was(
    command: str, tiny_disk: Path
) -> None:
    home, filler = tiny_disk / "home", tiny_disk / "filler"
    patches = [
        Patch(path=home / name, before=OLD * 700, after=NEW * 900) for name in ("a.py", "b.py", "c.py")
    ]
    ends = set()
    for pages in range(16):
        home.mkdir()
        for patch in patches:
            patch.path.write_bytes(patch.before)
        if command == "undo":
            apply(patches, home=home)
        start = tree(home)
        fill(filler, leaving=pages * 4096)
        try:
            apply(patches, home=home) if command == "apply" else undo(home)
            ends.add("done")
        except ApplyError as error:
            assert "the disk is full" in str(error)
            assert tree(home) == start
            assert recover(home) == ()
            ends.add("full")
        filler.unlink()
        if tree(home) == start:
            apply(patches, home=home) if command == "apply" else undo(home)
        assert contents(patches) == [patch.after if command == "apply" else patch.before for patch in patches]
        subprocess.run(["rm", "-r", str(home)], check=True)
    assert ends == {"done", "full"}


def test_a_read_only_file_system_is_said_in_words(tiny_disk: Path) -> None:
    patches = project(tiny_disk / "home")
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(ApplyError, match="the file system is read-only: mount it for writing"):
        apply(patches, home=tiny_disk / "home")
    assert recover(tiny_disk / "home") == ()


def test_two_runs_at_once_write_one_after_the_other_or_not_at_all(tmp_path: Path) -> None:
    patches = project(tmp_path, [f"m{number}.py" for number in range(40)])
    program = (
        "import sys; from pathlib import Path; from lazify.apply import apply; from lazify.errors import ApplyError\n"
        "from lazify.model.changes import Patch; from tests.apply.trees import NEW, OLD\n"
        "home = Path(sys.argv[1])\n"
        "patches = [Patch(path=path, before=OLD, after=NEW) for path in sorted(home.glob('*.py'))]\n"
        "try: apply(patches, home=home); print('written')\n"
        "except ApplyError as error: print(error)\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [run.communicate()[0] for run in runs]
    assert sum(line.startswith("written") for line in said) == 1
    assert all("written" in line or "another lazify" in line or "was edited since" in line for line in said)
    assert contents(patches) == [NEW] * 40
    undo(tmp_path)
    assert contents(patches) == [OLD] * 40


def test_a_lock_whose_holder_was_killed_is_free(tmp_path: Path) -> None:
    patches = project(tmp_path)
    (tmp_path / ".lazify").mkdir()
    program = (
        "import sys, time; from pathlib import Path; from lazify.apply.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    )
    lock = tmp_path / ".lazify/lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(lock)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder, holder.stdout as said:
        assert said.readline() == "held\n"
        with pytest.raises(ApplyError, match=f"process {holder.pid}"):
            apply(patches, home=tmp_path)
        holder.kill()
    apply(patches, home=tmp_path)
    assert contents(patches) == [NEW, NEW]


def test_the_real_disk_never_overwrites_a_file_that_it_was_to_make(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(OLD)
    with pytest.raises(FileExistsError):
        RealDisk().write(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == OLD
