"""One file's edits to one patch: what a worker process does; nothing raises out of it."""

from lazify.errors import RewriteError
from lazify.index.reading import UnreadableError, decode, encode
from lazify.model.changes import Patch
from lazify.model.places import Failure
from lazify.rewriting import Rewriting


def rewrite_file(work: Rewriting) -> Patch | Failure:
    """Read, rewrite and format one file in memory."""
    from lazify.format import format_changed, sections, settings, sort_changed
    from lazify.format.hanging import realigned
    from lazify.rewrite import rewrite

    try:
        before = work.before()
        text = decode(before if work.ground is None else work.ground)
        changed = realigned(text.text, rewrite(text.text, work.edits))
        layout = settings(work.config_root)
        changed = sort_changed(text.text, changed, work.path, sections(work.config_root, layout))
        after = format_changed(text.text, changed, layout)
        return Patch(path=work.path, before=before, after=encode(after, text), encoding=text.encoding)
    except (OSError, UnreadableError, RewriteError) as error:
        return Failure(path=work.path, why=str(error))
