"""registry.py: choices by name, found lazily, refused in one line, added to from outside."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mood2music import registry
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.registry import find, load_plugins, names, near, register
from mood2music.train_request import PrepareSettings


@dataclass
class Sizes:
    """Of a made-up encoder."""

    hidden: int = 3


@pytest.fixture(autouse=True)
def own_copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers or imports is gone behind it."""
    names("encoder")
    copied = {kind: dict(known) for kind, known in registry._choices.items()}
    monkeypatch.setattr(registry, "_choices", copied)
    monkeypatch.setattr(registry, "_asked", set())
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for module in set(sys.modules) - before:
        if module.startswith("my_"):
            del sys.modules[module]


def plugin(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)


def test_what_is_registered_is_found_with_its_settings_and_builds() -> None:
    @register("encoder", "mine", Sizes)
    def build(settings: Sizes) -> int:
        return 2 * settings.hidden

    found = find("encoder", "mine", "model.name")
    assert found.settings is Sizes
    assert found.build(Sizes(4)) == 8
    assert names("encoder")[-1] == "mine"


def test_settings_may_be_registered_with_the_place_of_what_builds() -> None:
    @register("encoder", "fraction", build="fractions:Fraction")
    @dataclass
    class Settings:
        top: int = 1

    found = find("encoder", "fraction", "model.name")
    assert found.settings is Settings
    assert found.build(1, 2) + found.build(1, 2) == 1


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError) as refused:
        find("encoder", "lstmm", "model.name", "; or not")
    said = str(refused.value)
    assert said.startswith("model.name=lstmm: did you mean lstm")
    assert said.endswith("expected one of lstm, bilstm_attention, transformer; or not")


def test_a_name_belongs_to_one_module() -> None:
    register("encoder", "mine", Sizes, "fractions:Fraction")
    register("encoder", "mine", Sizes, "fractions:Fraction")  # the module is imported anew
    with pytest.raises(SettingsError, match=r"encoder lstm is registered twice: by mood2music\."):
        register("encoder", "lstm", Sizes, "fractions:Fraction")


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingsError, match="did you mean encoder"):
        register("encodre", "mine", Sizes)


def test_near_names_or_all() -> None:
    assert near("Jaz", ["jazz", "pop"]) == "did you mean jazz?"
    assert near("x", ["jazz", "pop"]) == "expected jazz, pop"


def test_plugins_are_imported_before_settings_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "from mood2music.registry import register\n"
        "@register('encoder', 'constant', dict)\n"
        "def build(settings): return 7\n"
    )
    plugin(tmp_path, "my_constant", text, monkeypatch)
    settings = {"plugins": "my_constant", "data": {"name": "corpus"}}
    assert parse(PrepareSettings, settings).plugins == ["my_constant"]
    assert find("encoder", "constant", "model.name").build({}) == 7
    # Asked for again, it is not imported again, and so not refused as another's.
    load_plugins(["my_constant"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, r"plugins=\[my_broken\]: there is no such module"),
        ("import my_missing", r"plugins=\[my_broken\] fails: No module named 'my_missing'"),
        ("1 / 0", r"plugins=\[my_broken\] fails: ZeroDivisionError: division by zero"),
        ("x = (", r"plugins=\[my_broken\] fails: SyntaxError"),
        ("raise SystemExit(3)", r"plugins=\[my_broken\] fails: SystemExit: 3"),
        (
            "from mood2music.registry import register\n@register('encoder', 'lstm', dict)\n"
            "def build(settings): ...",
            r"plugins=\[my_broken\]: encoder lstm is registered twice",
        ),
    ],
)
def test_a_plugin_that_is_missing_or_fails_is_one_line(
    text: str | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        plugin(tmp_path, "my_broken", text, monkeypatch)
    with pytest.raises(SettingsError, match=fault) as refused:
        load_plugins(["my_broken"])
    assert len(str(refused.value).splitlines()) == 1


def test_an_installed_plugin_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "from mood2music.registry import register\nregister('encoder', 'far', dict, 'a:b')\n"
    (tmp_path / "my_installed.py").write_text(text)
    about = tmp_path / "my_installed-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-installed\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[mood2music]\nmine = my_installed\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    assert find("encoder", "far", "model.name").origin == "my_installed"


def test_names_and_settings_are_there_without_torch() -> None:
    asked = (
        "import sys\nfrom mood2music import registry\n"
        "found = [registry.find(k, n, k) for k in registry.KINDS for n in registry.names(k)]\n"
        "assert len(found) > 4\n"
        "assert not {'torch', 'lightning'} & set(sys.modules), 'torch'"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
