"""Properties with effects, read wherever a name of a module stands."""

import pytest

from lazify.testing import check, refused

READERS = """
class Configuration:
    @property
    def text(self):
        return open("pyproject.toml").read()


configuration = Configuration()
"""
COUNTERS = """
made = 0


class Counter:
    @property
    def next(self):
        global made
        made += 1
        return made


counter = Counter()
"""
PLACES = {
    "alone": "value = {}",
    "in an f-string": "value = f'{{{}}}!'",
    "in a condition": "value = 1 if {} else 2",
    "in a test": "if {}:\n    value = 1\nelse:\n    value = 2",
    "in a comparison": "value = {} == 'a'",
    "negated": "value = not {}",
    "in a list": "value = [{}]",
    "in an operation": "value = {} * 2",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_a_property_that_reads_a_file_is_read_later(place: str) -> None:
    main = f"from lib import configuration\n\n{place.format('configuration.text')}\n\n\ndef show():\n    return value\n"
    outcome = check({"lib.py": READERS, "main.py": main}, run="import main; print(main.show())")
    assert [change.title for change in outcome.plan.changes] == ["value becomes get_value()"]


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_a_property_that_counts_its_reads_is_read_where_it_is(place: str) -> None:
    main = "import json\n\nimport lib\n\n\ndef load(given=None):\n    return json.load(open('a.json')) or given\n\n\n"
    main += f"{place.format('load(lib.counter.next)' if place == 'value = {}' else 'lib.counter.next')}\n"
    main += "value = [load(), value]\n\n\ndef show():\n    return value\n"
    files = {"a.json": "{}", "lib.py": COUNTERS, "main.py": main}
    refused(files, because="lib.made")


def test_a_property_that_only_the_main_program_reads_has_no_effect_at_import() -> None:
    main = "from lib import configuration\n\nif __name__ == '__main__':\n    print(f'{configuration.text}')\n"
    outcome = check({"lib.py": READERS, "main.py": main})
    assert not outcome.plan.changes and not outcome.plan.refusals


def test_a_condition_that_reads_a_property_is_reported() -> None:
    main = "from lib import configuration\n\nif configuration.text:\n    print('there')\n"
    refused({"lib.py": READERS, "main.py": main}, because="the author decides")
