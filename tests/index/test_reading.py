import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazify.index.reading import Text, UnreadableError, decode, encode, read


def refused(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.line


def test_utf8_is_the_default() -> None:
    assert decode("é = 1\n".encode()) == Text(text="é = 1\n", encoding="utf-8", bom=False)


def test_an_empty_file_is_empty_text() -> None:
    assert decode(b"") == Text(text="", encoding="utf-8", bom=False)


def test_newlines_stay_as_they_are() -> None:
    assert decode(b"a\r\nb\rc\n\x0cd").text == "a\r\nb\rc\n\x0cd"


def test_a_byte_order_mark_is_remembered_and_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + b"x") == Text(text="x", encoding="utf-8", bom=True)
    assert decode(codecs.BOM_UTF8 + b"# coding: utf-8\nx").bom


@pytest.mark.parametrize(
    "head",
    [
        b"# -*- coding: latin-1 -*-\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n",
        b"\n# coding=latin-1\n",
        b"\r# coding=latin-1\r",
        b"\r\n# coding=latin-1\r\n",
    ],
)
def test_a_declared_encoding_in_the_first_two_lines_counts(head: bytes) -> None:
    assert decode(head + b"x = '\xe9'").text.endswith("x = 'é'")


@pytest.mark.parametrize(
    "head", [b"x = 1\n# coding: latin-1\n", b"\n\n# coding: latin-1\n", b"x = 1 # coding: latin-1\n"]
)
def test_a_declaration_elsewhere_does_not_count(head: bytes) -> None:
    assert decode(head).encoding == "utf-8"
    assert refused(head + b"\xe9") == (
        f"not valid utf-8: byte 0xe9 at offset {len(head)}",
        head.count(b"\n") + 1,
    )


@pytest.mark.parametrize(
    ("data", "why", "line"),
    [
        (b"a = 1\nb = '\xff'\n", "not valid utf-8: byte 0xff at offset 11", 2),
        (codecs.BOM_UTF8 + b"\n\xff", "not valid utf-8: byte 0xff at offset 4", 2),
        (b"# coding: ascii\nx = '\xe9'", "not valid ascii: byte 0xe9 at offset 21", 2),
        (b"a\nb\0\n", "has NUL bytes", 2),
        ("x = 1".encode("utf-16"), "is UTF-16 or UTF-32, which Python does not read: save it as UTF-8", 1),
        ("x = 1".encode("utf-32"), "is UTF-16 or UTF-32, which Python does not read: save it as UTF-8", 1),
        (b"# coding: utf-16\n", "declares utf-16, which Python does not read: save it as UTF-8", 1),
        (b"# coding: klingon\n", "declares the unknown encoding klingon", 1),
        (
            codecs.BOM_UTF8 + b"# coding: latin-1\n",
            "begins with a UTF-8 byte order mark but declares another encoding",
            1,
        ),
    ],
)
def test_what_cannot_be_read_says_why_and_where(data: bytes, why: str, line: int) -> None:
    assert refused(data) == (why, line)


def test_a_codec_that_gives_no_text_is_refused() -> None:
    why, line = refused(b"# coding: hex\n00")
    assert why.startswith("cannot be decoded as hex: ")
    assert line == 1


def test_text_that_would_not_come_back_byte_for_byte_is_refused() -> None:
    twice_escaped = b"# coding: iso2022_jp\n" + "あ".encode("iso2022_jp") + "い".encode("iso2022_jp")
    why, _ = refused(twice_escaped)
    assert why == "written in iso2022_jp in a way that cannot be written back byte for byte"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.booleans())
def test_utf8_comes_back_byte_for_byte(text: str, bom: bool) -> None:
    data = (codecs.BOM_UTF8 if bom else b"") + b"# coding: utf-8\n" + text.encode()
    read = decode(data)
    assert encode(read.text, read) == data


@pytest.mark.parametrize(
    "encoding", ["latin-1", "cp1252", "shift_jis", "gb18030", "koi8-r", "utf-7", "euc-jp"]
)
def test_other_encodings_come_back_byte_for_byte(encoding: str) -> None:
    data = f"# coding: {encoding}\r\nx = 'abc'\r".encode(encoding)
    text = decode(data)
    assert encode(text.text + "y", text) == data + "y".encode(encoding)


def test_a_character_that_the_encoding_lacks_cannot_be_written() -> None:
    with pytest.raises(UnicodeEncodeError):
        encode("é", decode(b"# coding: ascii\n"))


def test_a_file_is_read_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a\r\n")
    assert read(tmp_path / "a.py").text == "a\r\n"
