from dataclasses import fields
from pathlib import Path

import pytest

from lazify.config import CODES, OPT_IN, Config, load_config, read_overrides
from lazify.errors import ConfigError


def configured(tmp_path: Path, text: str, **overrides: object) -> Config:
    (tmp_path / "pyproject.toml").write_text(text)
    return load_config(tmp_path, overrides)


def refused(tmp_path: Path, text: str, **overrides: object) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text, **overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(str(tmp_path), "ROOT")


def test_without_a_file_or_a_section_everything_has_its_default(tmp_path: Path) -> None:
    assert load_config(tmp_path, {}) == Config()
    assert load_config(tmp_path / "missing", {}) == Config()
    assert configured(tmp_path, "[tool.black]\nline-length = 99\n") == Config()
    assert configured(tmp_path, "") == Config()


def test_every_flag_can_be_a_key(tmp_path: Path) -> None:
    assert configured(
        tmp_path,
        """
        [tool.lazify]
        select = ["LZ1", "LZ201"]
        ignore = ["LZ104"]
        entry = ["api/index.py"]
        heavy = ["torch", "acme.*"]
        heavy-milliseconds = 100
        heavy-mib = 0
        singleton = ["*"]
        getter = "plain"
        imports = "lazy-modules"
        on-event = "remove"
        risky = true
        keep-names = "always"
        python = ".venv/bin/python"
        exclude = ["gen/"]
        """,
    ) == Config(
        select=("LZ1", "LZ201"),
        ignore=("LZ104",),
        entry=("api/index.py",),
        heavy=("torch", "acme.*"),
        heavy_milliseconds=100,
        heavy_mib=0,
        singleton=("*",),
        getter="plain",
        imports="lazy-modules",
        on_event="remove",
        risky=True,
        keep_names="always",
        python=tmp_path / ".venv/bin/python",
        exclude=("gen/",),
    )


def test_underscores_are_as_good_as_dashes_but_not_both(tmp_path: Path) -> None:
    assert configured(tmp_path, "[tool.lazify]\nkeep_names = 'never'").keep_names == "never"
    assert refused(tmp_path, "[tool.lazify]\nkeep_names = 'never'\nkeep-names = 'never'") == (
        "ROOT/pyproject.toml: [tool.lazify] keep-names is given twice, with - and with _"
    )


def test_a_single_string_is_a_list_of_one(tmp_path: Path) -> None:
    config = configured(tmp_path, "[tool.lazify]\nheavy = 'torch'\nselect = 'LZ1, LZ203'")
    assert config.heavy == ("torch",)
    assert config.select == ("LZ1", "LZ203")


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    text = "[tool.lazify]\ngetter = 'plain'\nheavy = ['torch']\nrisky = true"
    assert configured(tmp_path, text, getter="locked", heavy=("numpy",)) == Config(
        heavy=("numpy",), risky=True
    )
    assert configured(tmp_path, text, risky=False).risky is False


def test_flags_that_were_not_given_change_nothing(tmp_path: Path) -> None:
    text = "[tool.lazify]\ngetter = 'plain'\nheavy = ['torch']\nrisky = true"
    assert configured(tmp_path, text, getter=None, heavy=(), risky=None) == configured(tmp_path, text)


def test_the_interpreter_of_a_flag_is_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert load_config(tmp_path / "svc", {"python": Path("venv/python")}).python == tmp_path / "venv/python"
    assert load_config(tmp_path / "svc", {"python": "~/python"}).python == Path("/home/me/python")
    assert load_config(tmp_path / "svc", {"python": "/usr/bin/python3"}).python == Path("/usr/bin/python3")


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("singletons", "singleton"), ("keep-name", "keep-names"), ("Getter", "getter"), ("xyz", "")],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path: Path, key: str, nearest: str) -> None:
    message = refused(tmp_path, f"[tool.lazify]\n{key} = 1")
    assert message.startswith(
        f"ROOT/pyproject.toml: [tool.lazify]: unknown key {key}; the nearest known one is {nearest}"
    )


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("getter = 'fast'", "getter = 'fast': must be locked or plain"),
        ("getter = 3", "getter = 3: must be locked or plain"),
        ("getter = ['plain']", "getter = ['plain']: must be locked or plain"),
        ("imports = 'no'", "imports = 'no': must be auto or function or lazy or lazy-modules"),
        ("on-event = true", "on-event = true: must be lifespan or remove"),
        ("keep-names = ''", "keep-names = '': must be auto or always or never"),
        ("risky = 'yes'", "risky = 'yes': must be true or false"),
        ("risky = 1", "risky = 1: must be true or false"),
        ("heavy = 3", "heavy = 3: must be a list of strings"),
        ("heavy = ['torch', 3]", "heavy = ['torch', 3]: must be a list of strings"),
        ("heavy = [' ']", "heavy = [' ']: has an empty entry"),
        ("heavy-mib = 1.5", "heavy-mib = 1.5: must be a whole number, 0 or more"),
        ("heavy-mib = -1", "heavy-mib = -1: must be a whole number, 0 or more"),
        ("heavy-milliseconds = true", "heavy-milliseconds = true: must be a whole number, 0 or more"),
        ("exclude = {a = 1}", "exclude = {'a': 1}: must be a list of strings"),
        ("python = 3", "python = 3: must be the path of a Python interpreter"),
        ("python = ''", "python = '': must be the path of a Python interpreter"),
        (
            "select = ['LZ9']",
            "select = ['LZ9']: LZ9 begins no known code (LZ101–LZ105, LZ201–LZ204, LZ301–LZ304, LZ401–LZ403)",
        ),
        ("ignore = ['lz101']", "did you mean LZ101?"),
        ("ignore = ['LZ110']", "LZ110 begins no known code"),
        ("select = 'LZ1,'", "select = 'LZ1,': an empty string begins no known code"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, setting: str, complaint: str) -> None:
    message = refused(tmp_path, f"[tool.lazify]\n{setting}")
    assert message.startswith("ROOT/pyproject.toml: [tool.lazify] ")
    assert complaint in message


def test_a_wrong_flag_is_named_as_a_flag() -> None:
    with pytest.raises(ConfigError, match=r"^--on-event = 'x': must be lifespan or remove$"):
        read_overrides({"on_event": "x"})
    with pytest.raises(ConfigError, match=r"^unknown key selects; the nearest known one is select$"):
        read_overrides({"selects": "LZ1"})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a = 1\n[tool.lazify\n", "ROOT/pyproject.toml:2: not valid TOML: "),
        ("a = 1\na = 2\n", "ROOT/pyproject.toml:2: not valid TOML: "),
        ("a = 1\nb = [1,\n2,\n", "ROOT/pyproject.toml:3: not valid TOML: "),
        ("a = " + "[" * 5000 + "]" * 5000, "ROOT/pyproject.toml: not valid TOML: too deeply nested"),
        ("tool = 3", ""),
        ("[tool]\nlazify = 3", "ROOT/pyproject.toml: tool.lazify is 3; it must be a table"),
        ("[[tool.lazify]]\nrisky = true", "ROOT/pyproject.toml: tool.lazify is "),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, text: str, complaint: str) -> None:
    if not complaint:
        assert configured(tmp_path, text) == Config()
    else:
        assert refused(tmp_path, text).startswith(complaint)


def test_a_file_in_another_encoding_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"# ok\nname = '\xff'\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:2: not valid TOML: not UTF-8$"):
        load_config(tmp_path, {})


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"\xef\xbb\xbf[tool.lazify]\nrisky = true\n")
    assert load_config(tmp_path, {}).risky


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(ConfigError, match=r"pyproject\.toml: cannot be read: Is a directory$"):
        load_config(tmp_path, {})


def test_without_a_selection_all_but_the_opt_in_codes_are_wanted() -> None:
    wanted = {code for code in CODES if Config().wants(code)}
    assert wanted == set(CODES) - OPT_IN - {"LZ303"}


def test_a_selection_is_all_that_is_wanted() -> None:
    config = Config(select=("LZ10", "LZ401"), ignore=("LZ104",))
    assert {code for code in CODES if config.wants(code)} == {"LZ101", "LZ102", "LZ103", "LZ105", "LZ401"}


def test_ignoring_wins_over_selecting() -> None:
    assert not any(Config(select=("LZ1",), ignore=("LZ",)).wants(code) for code in CODES)


def test_handlers_are_removed_only_on_demand() -> None:
    assert not Config(select=("LZ303",)).wants("LZ303")
    assert Config(on_event="remove").wants("LZ303")
    assert not Config(on_event="remove", select=("LZ1",)).wants("LZ303")
    assert not Config(on_event="remove", ignore=("LZ303",)).wants("LZ303")


def test_codes_of_other_codemods_may_be_selected_when_they_are_known(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lazify]\nselect = ['ACME1']")
    assert load_config(tmp_path, {}, codes=lambda: (*CODES, "ACME101")).wants("ACME101")


def test_every_field_of_the_configuration_is_checked(tmp_path: Path) -> None:
    for field in fields(Config):
        assert field.name.replace("_", "-") in refused(
            tmp_path, f"[tool.lazify]\n{field.name} = 1.5"
        ).replace("_", "-")
