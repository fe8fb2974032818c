"""What the manifest says."""

from tests.corpus.manifest import manifest


def test_a_name_stands_for_one_library_or_tool() -> None:
    known = manifest()
    names = [each.name for each in (*known.libraries, *known.tools)]

    assert sorted(names) == sorted(set(names))
