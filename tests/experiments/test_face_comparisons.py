"""face_comparisons and shipped_faces: every run composes to the settings that its name says."""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir

from experiments import face_data
from experiments.face_comparisons.run import VARIANTS, Variant, overrides
from experiments.shipped_faces.train import stages
from mood2music.command.settings import parse
from mood2music.face.network.settings import FaceSettings
from mood2music.files import CONFIGS
from mood2music.learn.settings import OptimizerSettings, TrainerSettings


def settings(given: tuple[str, ...]) -> FaceSettings:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        config = compose("train", list(given))
    parse(OptimizerSettings, config.optimizer)
    parse(TrainerSettings, config.trainer)
    return parse(FaceSettings, config.model)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_variant_changes_what_it_says(variant: Variant) -> None:
    found = settings((*overrides(variant), "data=drawn_tiny"))
    assert found.heads == ("separate" if "separate" in variant.name else "joint")
    assert found.freeze == ("frozen" in variant.name)
    assert found.pretrained == (found.name == "alexnet" and "scratch" not in variant.name)
    assert found.target == ("both" if "expressions" in variant.name else "valence_arousal")
    if variant.question == "augmentation" and variant.name != "cnn10_erase_too":
        alone = variant.name.removeprefix("cnn10_")
        kept = {name for name, bound in vars(found.augment).items() if bound}
        several = {"still": set(), "crop": {"shift", "scale"}, "light": {"brightness", "contrast"}}
        assert kept == several.get(alone, {alone})


def test_each_stage_of_the_shipped_network_goes_on_from_the_one_before(tmp_path: Path) -> None:
    data = face_data.overrides(tmp_path)
    found = [settings(run.overrides) for run in stages(data, tmp_path)]
    assert [stage.input_size for stage in found] == [80, 112]
    assert found[0].init is None
    assert [Path(str(stage.init)).parent.name for stage in found[1:]] == ["face_80"]
