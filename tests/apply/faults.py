"""Disks that fail, fill up, die or lose their power at any operation."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lazify.apply import RealDisk


class Killed(BaseException):
    """The process is gone: what it would have done next is not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is about to be done when the fault strikes."""

    name: str
    path: Path
    perform: Callable[[], None]
    perform_half: Callable[[], None]


Fault = Callable[["FaultyDisk", Operation], None]


class FaultyDisk(RealDisk):
    """A disk whose fault strikes at operation number `at`; it counts operations and does not wait for the platter."""

    def __init__(self, fault: Fault | None = None, *, at: int = 0) -> None:
        self.fault, self.at, self.operations = fault, at, 0
        self.refuses: Callable[[Operation], None] = _refuses_nothing

    @property
    def was_struck(self) -> bool:
        return self.operations >= self.at

    def mkdir(self, path: Path) -> None:
        self._run("mkdir", path, lambda: RealDisk.mkdir(self, path))

    def write(self, path: Path, data: bytes) -> None:
        whole, half = (lambda: RealDisk.write(self, path, data)), data[: len(data) // 2]
        self._run("write", path, whole, lambda: RealDisk.write(self, path, half))

    def imitate(self, path: Path, model: Path, mode: int) -> None:
        self._run("imitate", path, lambda: RealDisk.imitate(self, path, model, mode))

    def fsync(self, path: Path) -> None:
        self._run("fsync", path, _nothing)

    def replace(self, source: Path, target: Path) -> None:
        self._run("replace", target, lambda: RealDisk.replace(self, source, target))

    def unlink(self, path: Path) -> None:
        self._run("unlink", path, lambda: RealDisk.unlink(self, path))

    def cut_power(self) -> None:
        """Only PowerlessDisk knows what is lost."""
        raise NotImplementedError

    def _run(
        self,
        name: str,
        path: Path,
        perform: Callable[[], None],
        perform_half: Callable[[], None] | None = None,
    ) -> None:
        operation = Operation(name=name, path=path, perform=perform, perform_half=perform_half or _nothing)
        self.operations += 1
        self.refuses(operation)
        if self.operations == self.at and self.fault:
            self.fault(self, operation)
        else:
            perform()


class PowerlessDisk(FaultyDisk):
    """Remembers what no fsync has made safe yet, to lose it when the power goes."""

    def __init__(
        self, fault: Fault | None = None, *, at: int = 0, loses: Callable[[Path], bool], attic: Path
    ) -> None:
        super().__init__(fault, at=at)
        self.loses, self.attic = loses, attic
        self.unsafe_files: set[Path] = set()
        self.unsafe_names: list[tuple[Path, Path, Path | None]] = []

    def write(self, path: Path, data: bytes) -> None:
        self.unsafe_files.add(path)
        super().write(path, data)

    def fsync(self, path: Path) -> None:
        super().fsync(path)
        self.unsafe_files.discard(path)
        self.unsafe_names = [name for name in self.unsafe_names if name[1].parent != path]

    def replace(self, source: Path, target: Path) -> None:
        old = self.attic / str(self.operations) if target.exists() else None
        if old is not None:
            old.hardlink_to(target)
        try:
            super().replace(source, target)
        except BaseException:
            if old is not None:
                old.unlink()
            raise
        self.unsafe_names.append((source, target, old))
        if source in self.unsafe_files:
            self.unsafe_files ^= {source, target}

    def cut_power(self) -> None:
        for path in filter(Path.exists, self.unsafe_files):
            os.truncate(path, 0)
        for source, target, old in reversed(self.unsafe_names):
            if self.loses(target) and target.exists():
                target.replace(source)
                if old is not None:
                    old.replace(target)


def killed(disk: FaultyDisk, operation: Operation) -> None:
    _die(disk)


def killed_halfway(disk: FaultyDisk, operation: Operation) -> None:
    operation.perform_half()
    _die(disk)


def power_cut(disk: FaultyDisk, operation: Operation) -> None:
    disk.cut_power()
    _die(disk)


def disk_full(disk: FaultyDisk, operation: Operation) -> None:
    """From now on nothing new fits: only half of these bytes do. Renaming and removing still work."""
    disk.refuses = _refuses_more_bytes
    if operation.name in {"write", "mkdir"}:
        operation.perform_half()
    _refuses_more_bytes(operation)
    operation.perform()


def denied(disk: FaultyDisk, operation: Operation) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(operation.path))


def denied_for_good(disk: FaultyDisk, operation: Operation) -> None:
    """Not even putting back is possible any more."""
    disk.refuses = _refuses_everything
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(operation.path))


def broken(disk: FaultyDisk, operation: Operation) -> None:
    """Half of it is done, then the disk gives an error."""
    operation.perform_half()
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(operation.path))


def interrupted_before(disk: FaultyDisk, operation: Operation) -> None:
    raise KeyboardInterrupt


def interrupted_after(disk: FaultyDisk, operation: Operation) -> None:
    operation.perform()
    raise KeyboardInterrupt


def _die(disk: FaultyDisk) -> None:
    disk.refuses = _refuses_the_dead
    raise Killed


def _nothing() -> None:
    pass


def _refuses_nothing(operation: Operation) -> None:
    pass


def _refuses_the_dead(operation: Operation) -> None:
    raise Killed


def _refuses_everything(operation: Operation) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(operation.path))


def _refuses_more_bytes(operation: Operation) -> None:
    is_delayed_write = operation.name == "fsync" and operation.path.is_file()
    if operation.name in {"write", "mkdir"} or is_delayed_write:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(operation.path))
