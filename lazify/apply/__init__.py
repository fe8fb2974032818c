"""Write a plan's files, all or none, and bring them back: the only writer of project files.

`apply` and `undo` are transactions. Each moves every file from one side of a journal entry to the other:
it writes the new bytes to temporary files beside the old ones, and only when all of them are safe on the
disk puts them in place, one `os.replace` each. An error or Ctrl-C puts back what was moved. After a
kill or a power cut the entry says what was under way, and `recover`, which every command begins
with, ends it: the tree is then as before or as after, never between.

What lies in `.lazify/` at the home, the folder that holds every file of an apply:

    .gitignore                  `*`
    lock                        held (flock) while a command writes; says by whom
    profile.json                what `lazify profile --save` measured
    journal/000007.committed    one file for each apply: the number orders them, the suffix is the state
    journal/000008.new          an entry that is being written: nothing else has been touched yet
    rescued/000007/src/a.py     what stood in a file that could not be put back because it was edited

An entry's life is a chain of renames, each of them atomic:

    prepared     files may be on either side            recover: back, or on if all were replaced
    committed    all files are as after                 undo starts here
    undoing      files may be on either side            recover: back to before
    undone       all files are as before

An entry's text is JSON: `format`, `request` (what the user asked for: enough to plan it again) and, for each
file, `path` (relative to the home, so that a checkout may be moved), `temporary` (the name beside it that a
killed run may have left) and the sides `before` and `after`, each with `mode`, `sha256` and `bytes` (zlib,
base64). Twenty applies are kept.
"""

from lazify.apply.disk import Disk, RealDisk
from lazify.apply.home import find_home, find_homes, home_of
from lazify.apply.recovery import Outcome, Recovery
from lazify.apply.transaction import apply, last, recover, store, undo

__all__ = [
    "Disk",
    "Outcome",
    "RealDisk",
    "Recovery",
    "apply",
    "find_home",
    "find_homes",
    "home_of",
    "last",
    "recover",
    "store",
    "undo",
]
