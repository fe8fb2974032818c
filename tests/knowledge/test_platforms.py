import re

import pytest

from lazify.knowledge.platforms import DEFAULT, Platform, platforms

NAMED = [platform for platform in platforms().values() if platform.name != DEFAULT]


def test_the_platforms_that_the_command_line_knows_are_there() -> None:
    assert set(platforms()) == {DEFAULT, "aws-lambda", "vercel", "cloud-run"}


@pytest.mark.parametrize("platform", NAMED, ids=lambda platform: platform.name)
def test_every_fact_has_a_source_with_a_date(platform: Platform) -> None:
    for fact in ("seconds", "memory", "environment"):
        sources = [each for each in platform.sources if fact in each.partition(": ")[0]]
        assert sources
        assert any(re.search(r"20\d\d-\d\d-\d\d", each) for each in sources)


@pytest.mark.parametrize("platform", platforms().values(), ids=lambda platform: platform.name)
def test_limits_are_limits_and_a_home_is_set(platform: Platform) -> None:
    assert 0 < platform.seconds <= 600
    assert platform.memory >= 64 << 20
    assert all(folder.is_absolute() for folder in platform.temporary)
    assert platform.environment["HOME"]


@pytest.mark.parametrize("platform", platforms().values(), ids=lambda platform: platform.name)
def test_variables_can_be_filled_in(platform: Platform) -> None:
    for value in platform.environment.values():
        assert "{" not in value.format(root="/project", memory=128)
