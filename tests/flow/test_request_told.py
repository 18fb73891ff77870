import json
from pathlib import Path

from mood2music.catalog.open import CatalogSettings
from mood2music.flow.request import GenerateSettings
from mood2music.flow.request_told import as_told
from mood2music.judge.trained_on import NoveltySettings
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings


def test_a_manifest_names_files_without_their_folders() -> None:
    home = "/home/me"
    settings = GenerateSettings(
        midi=f"{home}/tune.mid",
        model=Path(f"{home}/best.safetensors"),
        face={"weights": [f"{home}/valence.safetensors", f"{home}/arousal.safetensors"]},
        catalog=CatalogSettings(csv=f"{home}/songs.csv", root=f"{home}/music"),
        style=StyleSettings(checkpoints={"tango": f"{home}/tango.safetensors"}),
        novelty=NoveltySettings(f"{home}/novelty.safetensors"),
        render=RenderSettings(soundfont=f"{home}/piano.sf2"),
    )
    told = as_told(settings)
    assert home not in json.dumps(told)
    assert told["model"] == "best.safetensors"
    assert told["face"]["weights"] == ["valence.safetensors", "arousal.safetensors"]
    assert told["style"]["checkpoints"] == {"tango": "tango.safetensors"}
    assert told["render"]["soundfont"] == "piano.sf2"
    assert settings.model == Path(f"{home}/best.safetensors")


def test_styles_that_are_files_are_told_by_their_names_in_a_mix_too() -> None:
    mix = {"jazz": 0.25, "/home/me/tango.safetensors": 0.5}
    for style in (mix, StyleSettings(mix=mix)):
        settings = GenerateSettings(style=style)
        told = as_told(settings)["style"]
        assert told["mix"] == {"jazz": 0.25, "tango.safetensors": 0.5}
        assert settings.styled.mix == mix
    told = as_told(GenerateSettings(style="/home/me/tango.safetensors"))["style"]
    assert told["name"] == "tango.safetensors"
    assert told["mix"] is None
