"""What can go wrong in a way that the user can mend: each message says what, where, and what to do next."""


class LazifyError(Exception):
    """The run cannot go on."""


class ConfigError(LazifyError):
    """The configuration or the command line is wrong."""


class RewriteError(LazifyError):
    """An edit does not fit the file that it was planned for."""


class ApplyError(LazifyError):
    """The tree could not be written, or has been put back as it was."""
