"""`python -m lazify`."""

from lazify.cli import main

if __name__ == "__main__":  # workers that are spawned import this module again
    main(prog_name="lazify")
