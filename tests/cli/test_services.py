from pathlib import Path

from tests.cli.service import answer, lazify, read


def test_several_services_take_one_call_one_summary_and_one_undo(services: Path) -> None:
    before = read(services)
    assert "4 changes in 6 files: 2 LZ101, 2 LZ103" in lazify("apply", "one", "two").stderr
    assert [answer(services / name) for name in ("one", "two")] == ["False ('key', 'Store')"] * 2
    assert "put back 6 files" in lazify("undo").stderr
    assert read(services) == before


def test_a_change_declined_in_one_service_is_made_in_the_other(services: Path) -> None:
    lazify("apply", "-i", "--select", "LZ101", "one", "two", stdin="n\ny\n")
    assert "get_store" not in (services / "one/src/app/store.py").read_text()
    assert "get_store" in (services / "two/src/app/store.py").read_text()


def test_one_service_with_a_broken_configuration_leaves_the_other_done(services: Path) -> None:
    (services / "one/pyproject.toml").write_text("[tool.lazify\n")
    assert "one/pyproject.toml" in lazify("apply", "one", "two", expect=2).stderr
    assert "get_store" not in (services / "one/src/app/store.py").read_text()
    assert "get_store" in (services / "two/src/app/store.py").read_text()
