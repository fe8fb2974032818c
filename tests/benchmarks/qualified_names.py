"""`python qualified_names.py PATH`: what a codemod built on LibCST does in every file before it can decide anything.

Runs with the environment of the other tools, so it imports nothing of this project.
"""

import sys
from pathlib import Path

from libcst import Name, parse_module
from libcst.metadata import MetadataWrapper, QualifiedNameProvider


def main() -> None:
    """Parse each file, resolve its names, and count those that could be resolved."""
    resolved = 0
    for file in sorted(Path(sys.argv[1]).rglob("*.py")):
        try:
            wrapper = MetadataWrapper(parse_module(file.read_bytes()))
            names = wrapper.resolve(QualifiedNameProvider)
        except Exception as error:  # the file boundary: what LibCST cannot read
            print(f"{file}: {error!r}", file=sys.stderr)
            continue
        resolved += sum(bool(found) for node, found in names.items() if isinstance(node, Name))
    print(resolved)


if __name__ == "__main__":
    main()
