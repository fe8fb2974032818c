import pytest

from lazify import progress
from lazify.progress import Bar


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes the captured stderr for a terminal
    return clock


def test_no_bar_appears_within_the_first_second(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Bar(visible=True) as bar:
        bar.stage("scan", 10)
        for _ in range(10):
            clock.now += 0.09
            bar.advance()
    assert capsys.readouterr() == ("", "")


def test_after_a_second_a_bar_on_stderr_shows_how_far_the_stage_is(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar(visible=True) as bar:
        bar.stage("scan", 10)
        bar.advance()
        clock.now += 1.1
        bar.advance()
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    assert "scan" in stderr
    assert "2/10" in stderr


def test_the_next_stage_takes_the_place_of_the_one_before(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar(visible=True) as bar:
        bar.stage("scan", 10)
        clock.now += 2
        bar.advance()
        bar.stage("rewrite", 3)
        capsys.readouterr()
        clock.now += 2
        bar.advance()
        shown = capsys.readouterr().err
    assert "rewrite" in shown
    assert "1/3" in shown
    assert "scan" not in shown


def test_without_a_terminal_no_bar_appears_however_long_it_takes(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Bar(visible=False) as bar:
        bar.stage("scan", 10)
        clock.now += 60
        bar.advance()
    assert capsys.readouterr() == ("", "")


def test_the_bar_needs_no_thread(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    import threading

    before = threading.active_count()
    with Bar(visible=True) as bar:
        bar.stage("scan", 10)
        clock.now += 2
        bar.advance()
        assert threading.active_count() == before
