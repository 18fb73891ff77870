"""measuring: what an experiment measures is a command with checked settings, and no other way."""

import ast
import sys
from pathlib import Path

import pytest
import yaml

from experiments.form import measure as form
from experiments.measuring import composed

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
SETTINGS = sorted(EXPERIMENTS.glob("*/*.yaml"))
SOURCES = sorted(EXPERIMENTS.rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_yaml_has_the_settings_of_the_measure_beside_it(path: Path) -> None:
    # Settings that several commands share are a class of another name, and belong to none of them.
    shared = path.stem == "wanted"
    (schema,) = (
        node
        for node in tree(path.with_suffix(".py")).body
        if isinstance(node, ast.ClassDef) and node.name == ("Wanted" if shared else "Settings")
    )
    fields = [node for node in schema.body if isinstance(node, ast.AnnAssign)]
    given = [name for name in yaml.safe_load(path.read_text()) if name != "defaults"]
    assert [ast.unparse(node.target) for node in fields] == given
    assert all(node.value is None for node in fields)  # a default stands once, in the YAML
    lines = path.read_text(encoding="utf-8").splitlines()
    module = f"experiments.{path.parent.name}.{path.stem}"
    assert shared or lines[0].startswith(f"# python -m {module}")
    assert all(" # " in line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_experiment_reads_a_command_line_of_its_own(path: Path) -> None:
    read = {
        node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert not {"argparse", "from_cli", "argv"} & read


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["measure", *words])
    form.main()


def test_its_help_is_a_page_with_every_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, "--help")
    page = capsys.readouterr().out
    assert page.startswith("python -m experiments.form.measure [name=value ...]")
    assert "seeds=20" in page
    assert "pieces, one a seed" in page


def test_a_misspelt_setting_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call(monkeypatch, "seedz=3")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "seedz" in said[0]


def test_an_experiment_gets_what_train_would_train_with() -> None:
    assert composed("model=cnn10", "optimizer.lr=0.5").optimizer.lr == 0.5
