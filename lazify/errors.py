"""What can go wrong in a way that the user can mend: each message says what, where, and what to do next."""

from pathlib import Path


class LazifyError(Exception):
    """The run cannot go on."""


class ConfigError(LazifyError):
    """The configuration or the command line is wrong; `file` and `line` say where, if it stands in a file."""

    def __init__(self, why: str, *, file: Path | None = None, line: int | None = None) -> None:
        """Take the reason alone: the place is put before it where the error is shown."""
        super().__init__(why)
        self.why, self.file, self.line = why, file, line

    def __str__(self) -> str:
        """Name the place and the reason, as `path:line: why`."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{place}: {self.why}" if place else self.why


class RewriteError(LazifyError):
    """An edit does not fit the file that it was planned for."""


class ApplyError(LazifyError):
    """The tree could not be written, or has been put back as it was."""
