"""What the judges' findings mean."""

from collections import Counter

from tests.corpus.oracles import Finding, new_findings

MISSING = Finding("a.py", "missing-import", "Cannot find module `torch`")


def test_a_package_that_is_not_installed_is_missing_in_every_function() -> None:
    assert not new_findings(Counter({MISSING: 3}), Counter({MISSING: 1}))


def test_a_module_that_was_found_before_and_is_not_now_is_new() -> None:
    lost = Finding("a.py", "missing-import", "Cannot find module `app.db`")

    assert new_findings(Counter({MISSING: 1, lost: 1}), Counter({MISSING: 1})) == Counter({lost: 1})


def test_one_more_undefined_name_is_new() -> None:
    name = Finding("a.py", "F821", "Undefined name `x`")

    assert new_findings(Counter({name: 2}), Counter({name: 1})) == Counter({name: 1})
