"""A default stands in one place: each YAML says of itself what its dataclass says."""

from dataclasses import asdict, fields
from typing import Any

import pytest
from omegaconf import OmegaConf

from mood2music import registry
from mood2music.catalog.__main__ import CatalogCommandSettings
from mood2music.evaluation.settings import EvaluateSettings
from mood2music.export import ExportSettings
from mood2music.face.network.settings import FaceSettings
from mood2music.face.reading.settings import ReadSettings
from mood2music.flow.request import GenerateSettings
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.page.settings import PageSettings
from mood2music.results import ResultsSettings
from mood2music.train_request import PrepareSettings, TrainSettings
from tests.test_configs import CHOICES, composed, taken, users_of

# What an entrypoint's own YAML is read into; groups that several dataclasses share are left to
# their choices below.
ENTRYPOINTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "generate": (GenerateSettings, ("face",)),
    "app": (PageSettings, ("face",)),
    "catalog": (CatalogCommandSettings, ()),
    "evaluate": (EvaluateSettings, ("face", "data")),
    "export": (ExportSettings, ()),
    "prepare": (PrepareSettings, ("data",)),
    "results": (ResultsSettings, ()),
    "train": (TrainSettings, ("data", "model", "callbacks")),
}


def told(config: Any, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(config, resolve=True)
    return {key: value for key, value in plain.items() if key not in leave_out}


def of(schema: type[Any], said: Any) -> Any:
    """The dataclass's own defaults, those that the YAML says."""
    return _same_names(asdict(schema()), said)


def _same_names(made: Any, said: Any) -> Any:
    if not isinstance(said, dict) or not said or not isinstance(made, dict):
        return made
    made = {name.removesuffix("_"): value for name, value in made.items()}
    return {name: _same_names(made[name], said[name]) for name in said}


@pytest.mark.parametrize("entrypoint", sorted(ENTRYPOINTS))
def test_a_commands_defaults_are_its_dataclasses(entrypoint: str) -> None:
    schema, shared = ENTRYPOINTS[entrypoint]
    said = told(composed(entrypoint), shared)
    assert said == of(schema, said)
    assert {f.name for f in fields(schema)} - set(shared) == set(said)


@pytest.mark.parametrize("entrypoint", ["generate", "app", "evaluate"])
def test_how_faces_are_read_is_the_same_everywhere(entrypoint: str) -> None:
    said = told(composed(entrypoint).face)
    assert said == of(ReadSettings, said)


@pytest.mark.parametrize(
    ("group", "choice", "schema"),
    [
        ("model", "alexnet", FaceSettings),
        ("data", "midi", MusicDataSettings),
        *(
            ("data", name, registry.find("face_data", name, "data.name").settings)
            for name in registry.names("face_data")
        ),
    ],
)
def test_a_choices_defaults_are_its_dataclasses(group: str, choice: str, schema: type[Any]) -> None:
    said = told(composed("train", f"{group}={choice}")[group])
    assert said == of(schema, said)


@pytest.mark.parametrize(("group", "name"), CHOICES)
def test_the_choice_that_a_dataclass_names_by_default_has_its_defaults(
    group: str, name: str
) -> None:
    entrypoint = next(e for e in ENTRYPOINTS if e in users_of(group, name))
    config = composed(entrypoint, f"{group}={name}")[group]
    settings = taken(group, config)
    schema = type(settings)
    if group == "callbacks":
        for callback, made in settings.items():
            assert told(config[callback]) == of(type(made), told(config[callback]))
        return
    if getattr(schema(), "name", None) != name:
        return
    leave_out = ("encoder",) if group == "model" else ()
    if group == "benchmark":  # its data sets are tuned apart
        leave_out = ("jsb", "nottingham", "piano_midi", "musedata")
    said = told(config, leave_out)
    assert said == of(schema, said)
