import math

import pytest
import torch

from mood2music.errors import CheckpointError, SettingsError
from mood2music.style.blend import Weights, blend
from mood2music.style.settings import StyleSettings

BASE: Weights = {
    "encoder.w": torch.tensor([1.0, 0.0]),
    "head.w": torch.tensor([2.0]),
    "n": torch.tensor([7]),
}
JAZZ: Weights = {
    "encoder.w": torch.tensor([3.0, 1.0]),
    "head.w": torch.tensor([4.0]),
    "n": torch.tensor([7]),
}
POP: Weights = {
    "encoder.w": torch.tensor([1.0, 5.0]),
    "head.w": torch.tensor([0.0]),
    "n": torch.tensor([7]),
}
METHODS = ["task_arithmetic", "linear", "spherical"]


def values(weights: Weights) -> list[float]:
    return [round(x, 5) for name in ("encoder.w", "head.w") for x in weights[name].tolist()]


@pytest.mark.parametrize("method", METHODS)
def test_strength_zero_is_the_base_and_one_the_style(method: str) -> None:
    assert values(blend(BASE, {"jazz": JAZZ}, {"jazz": 0.0}, method)) == values(BASE)
    assert values(blend(BASE, {"jazz": JAZZ}, {"jazz": 1.0}, method)) == values(JAZZ)


def test_task_arithmetic_adds_the_differences() -> None:
    mixed = blend(BASE, {"jazz": JAZZ, "pop": POP}, {"jazz": 0.5, "pop": 0.2})
    assert values(mixed) == [2.0, 1.5, 2.6]


def test_linear_gives_the_base_what_is_left_of_one() -> None:
    mixed = blend(BASE, {"jazz": JAZZ, "pop": POP}, {"jazz": 0.5, "pop": 0.5}, "linear")
    assert values(mixed) == [2.0, 3.0, 2.0]


def test_spherical_keeps_the_length_between_vectors_of_one_length() -> None:
    base, style = {"w": torch.tensor([1.0, 0.0])}, {"w": torch.tensor([0.0, 1.0])}
    mixed = blend(base, {"s": style}, {"s": 0.5}, "spherical")
    assert mixed["w"].tolist() == pytest.approx([2**-0.5, 2**-0.5])


def test_spherical_goes_along_the_circle_at_an_even_pace() -> None:
    # A third of the way from 0 to 60 degrees is 20 degrees.
    base, style = {"w": torch.tensor([1.0, 0.0])}, {"w": torch.tensor([0.5, 0.75**0.5])}
    mixed = blend(base, {"s": style}, {"s": 1 / 3}, "spherical")
    assert mixed["w"].tolist() == pytest.approx([math.cos(math.pi / 9), math.sin(math.pi / 9)])


def test_layers_scale_the_strength_of_their_weights() -> None:
    mixed = blend(BASE, {"jazz": JAZZ}, {"jazz": 1.0}, layers={"encoder": 0.5, "head": 0.0})
    assert values(mixed) == [2.0, 0.5, 2.0]


def test_the_base_is_left_as_it_was() -> None:
    before = values(BASE)
    blend(BASE, {"jazz": JAZZ}, {"jazz": 0.7})
    assert values(BASE) == before


def test_networks_of_other_shapes_are_refused() -> None:
    with pytest.raises(CheckpointError, match="odd network differs"):
        blend(BASE, {"odd": {"encoder.w": torch.zeros(3)}}, {"odd": 1.0})


@pytest.mark.parametrize(
    ("method", "strengths"),
    [("spherical", {"jazz": 0.5, "pop": 0.5}), ("linear", {"jazz": 0.8, "pop": 0.8}), ("x", {})],
)
def test_methods_and_strengths_that_do_not_go_together_are_refused(
    method: str, strengths: dict[str, float]
) -> None:
    with pytest.raises(SettingsError, match=r"style\.method"):
        blend(BASE, {"jazz": JAZZ, "pop": POP}, strengths, method)


def test_a_mix_stands_before_a_name() -> None:
    assert StyleSettings().strengths() == {}
    assert StyleSettings(name="jazz", strength=0.5).strengths() == {"jazz": 0.5}
    assert StyleSettings(name="jazz", mix={"pop": 0.3}).strengths() == {"pop": 0.3}
