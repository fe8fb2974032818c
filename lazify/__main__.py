"""`python -m lazify`."""

from lazify.cli import main

main(prog_name="lazify")
