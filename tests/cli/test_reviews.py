from pathlib import Path

from tests.cli.service import answer, lazify, read, write


def test_interactive_leaves_a_consistent_program_for_every_choice(service: Path) -> None:
    before = read(service)
    for answers, lazy_store in (("y\nn\n", False), ("n\ny\n", True)):
        lazify("apply", "-i", "src", stdin=answers)
        assert answer(service, SERVICE_KEY="key") == f"{not lazy_store} ('key', 'Store')"
        lazify("undo")
        assert read(service) == before


def test_interactive_shows_the_call_sites_of_the_change_it_asks_for(service: Path) -> None:
    shown = lazify("apply", "-i", "src", stdin="n\nn\n").stderr
    settings, store, _ = shown.split("make this change")
    assert "+    return (get_key(), type(store).__name__)" in settings
    assert "+    return (KEY, type(get_store()).__name__)" in store


def test_interactive_with_nothing_accepted_writes_nothing(service: Path) -> None:
    before = read(service)
    assert "nothing to change" in lazify("apply", "-i", "src", stdin="d\n").stderr
    assert read(service) == before
    assert not (service / ".lazify").exists()


def test_interactive_drops_what_depends_on_a_declined_change_or_asks_for_it_in_its_new_form(
    service: Path,
) -> None:
    text = "import sqlite3\n\nconn = sqlite3.connect('a.db')\ncursor = conn.cursor()\n\n\ndef rows():\n    return cursor.fetchall()\n"
    write(service, {"src/app/store.py": text, "src/app/routes.py": ""})
    lazify("apply", "-i", "--select", "LZ101,LZ102", "src", stdin="n\n" + "y\n" * 3)
    compile((service / "src/app/store.py").read_text(), "store.py", "exec")
    assert "conn = sqlite3.connect('a.db')\n" in (service / "src/app/store.py").read_text()
    assert "get_conn" not in (service / "src/app/store.py").read_text()
