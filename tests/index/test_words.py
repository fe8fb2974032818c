import re

import pytest

from lazify.index.words import as_word

TEXT = "store restore store2 _store store.x self.store(store) é.store éstore store\nstore a$store box boxes"


@pytest.mark.parametrize("names", [("store",), ("store", "box"), ("box", "boxes"), ("missing",), ("é",)])
def test_the_pattern_finds_what_word_boundaries_do(names: tuple[str, ...]) -> None:
    bounded = re.compile(rf"\b(?:{'|'.join(names)})\b")
    assert [each.span() for each in re.finditer(as_word(*names), TEXT)] == [
        each.span() for each in bounded.finditer(TEXT)
    ]
