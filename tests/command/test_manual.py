"""`--help` of every entrypoint: what its page says comes from configs/, and nothing is left out."""

import re
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from mood2music.command import settings
from mood2music.command.groups import shared_groups
from mood2music.command.manual import page, read_groups
from tests.conftest import Run
from tests.test_configs import FOLDERS


def rounds() -> list[tuple[str, list[str]]]:
    """Choices of all groups of each command, one of each group at a time until all were taken."""
    found = []
    for entrypoint in sorted(FOLDERS):
        groups = read_groups(entrypoint, FOLDERS[entrypoint])
        chosen = ([f"{group.name}={choice}" for choice in group.choices] for group in groups)
        taken = zip_longest(*chosen)
        found += [(entrypoint, list(filter(None, words))) for words in ((), *taken)]
    return found


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def shown(entrypoint: str, *overrides: str) -> str:
    return page(entrypoint, FOLDERS[entrypoint], "What it does.", list(overrides))


def options(text: str) -> dict[str, tuple[str, str]]:
    """Each option of a page: its default and its meaning, put together from its lines."""
    found: dict[str, tuple[str, str]] = {}
    name = ""
    for line in text[text.index("\nOptions") :].splitlines():
        if match := re.match(r"  ([\w.]+)=(\S*)\s*(.*)", line):
            name = match[1]
            found[name] = (match[2], match[3])
        elif name and line.startswith(" " * 34):
            found[name] = (found[name][0], f"{found[name][1]} {line.strip()}".strip())
        else:
            name = ""
    return found


def leaves(schema: Any, prefix: str = "") -> list[str]:
    """Names of all settings of a dataclass and of those inside it."""
    names: list[str] = []
    made = schema()
    for field in fields(schema):
        inner = type(getattr(made, field.name))
        name = f"{prefix}{settings.name_of(field)}"
        names += leaves(inner, f"{name}.") if is_dataclass(inner) else [name]
    return names


@pytest.mark.parametrize(("entrypoint", "overrides"), rounds())
def test_every_option_has_a_default_and_a_meaning(entrypoint: str, overrides: list[str]) -> None:
    found = options(shown(entrypoint, *overrides))
    assert found
    assert [name for name, (value, meaning) in found.items() if not (value and meaning)] == []


@pytest.mark.parametrize("entrypoint", sorted(FOLDERS))
def test_every_group_lists_its_choices_with_a_word_each(entrypoint: str) -> None:
    text = shown(entrypoint)
    for group in read_groups(entrypoint, FOLDERS[entrypoint]):
        assert f"\n  {group.name}=\n" in text
        for choice, said in group.choices.items():
            assert said.opening, f"configs/{group.name}/{choice}.yaml does not say what it is"
            first = re.escape(said.opening[0].split()[0])
            assert re.search(rf"\n  [ *] {choice}\s+{first}", text)


@pytest.mark.parametrize("entrypoint", sorted(FOLDERS))
@pytest.mark.slow
def test_every_page_has_three_examples_that_compose(entrypoint: str) -> None:
    import shlex

    from hydra import compose, initialize_config_dir

    text = shown(entrypoint)
    examples = re.findall(rf"^  (python -m mood2music\.{entrypoint}\b.*)$", text, re.MULTILINE)
    assert len(examples) >= 3
    for example in examples:
        words = [word for word in shlex.split(example)[3:] if "=" in word]
        folder = FOLDERS[entrypoint]
        with (
            shared_groups(entrypoint, folder),
            initialize_config_dir(str(folder), version_base="1.3"),
        ):
            # A sweep's lists of values are taken one by one.
            compose(entrypoint, [re.sub(r"^([^\[{]*?),.*", r"\1", word) for word in words])


def test_all_that_generate_can_be_asked_is_on_its_page() -> None:
    from mood2music.face.reading.settings import ReadSettings
    from mood2music.flow.request import GenerateSettings

    asked = [name for name in leaves(GenerateSettings) if name != "face"]
    asked += leaves(ReadSettings, "face.")
    assert len(asked) > 50
    told = {*options(shown("generate")), *options(shown("generate", "logger=wandb"))}
    assert sorted(set(asked) - told) == []


def test_a_default_is_what_the_choice_makes_of_it() -> None:
    assert options(shown("generate"))["sampler.temperature"][0] == "0.85"
    safer = shown("generate", "sampler=safer", "length=7")
    assert options(safer)["sampler.temperature"][0] == "0.8"
    assert options(safer)["length"][0] == "7"
    assert "\n  * safer" in safer
    assert "\n    nucleus" in safer


def test_lines_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    told = shown("generate")
    assert max(len(line) for line in told.splitlines() if "python -m" not in line) <= 95
    wrapped = [line for line in told.splitlines() if line.startswith(" " * 34)]
    assert max(map(len, wrapped)) <= 70


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (False, "false"),
        ([], "[]"),
        ({"jazz": 0.5}, "{jazz:0.5}"),
        ([["a", None], 1], "[[a,null],1]"),
    ],
)
def test_values_are_written_as_one_types_them(value: Any, text: str) -> None:
    assert settings.shown(value, None) == text


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_the_page_and_runs_nothing(settle: Run, tmp_path: Path, flag: str) -> None:
    done = settle("prepare", flag, "data=midi")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("python -m mood2music.prepare [name=value ...]\n\nRead all")
    assert "  data.root=null                  the folder\n" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_help_refuses_what_the_command_refuses_in_one_line(settle: Run) -> None:
    done = settle("generate", "--help", "style=jaz")
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert "did you mean jazz?" in line


def test_hydras_own_flags_still_work(settle: Run) -> None:
    assert "== Flags ==" in settle("export", "--hydra-help").stdout
    assert "weights: null" in settle("export", "-c", "job").stdout


def test_two_flags_that_say_what_to_do_are_refused_in_one_line(settle: Run) -> None:
    done = settle("export", "-m", "-c", "job")
    assert done.returncode == 1
    assert done.stderr.startswith("error: two flags that say what to do: expected one of -m, -c")
    assert len(done.stderr.splitlines()) == 1


def test_a_page_says_where_files_go_unless_an_option_does() -> None:
    line = "Files go to a new folder in outputs/; out=folder names another."
    pages = {command: shown(command) for command in FOLDERS}
    without = {command for command, text in pages.items() if line not in text}
    assert without == {"catalog", "export", "results"}
