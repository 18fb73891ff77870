from types import SimpleNamespace

import pytest

from mood2music.command import ranges
from mood2music.errors import SettingsError

VALUES = SimpleNamespace(whole=3, part=0.5, none=None, name="adam")


def test_a_bound_itself_passes_at_least_and_within_but_not_above() -> None:
    ranges.at_least(VALUES, "g.", whole=3, none=9)
    ranges.within(VALUES, "g.", 0.5, 3, "whole", "part", "none")
    ranges.above(VALUES, "g.", whole=2.9, none=9)
    with pytest.raises(SettingsError, match=r"^g\.whole=3: expected above 3$"):
        ranges.above(VALUES, "g.", whole=3)
    with pytest.raises(SettingsError, match=r"^g\.whole=3: expected 4 or more$"):
        ranges.at_least(VALUES, "g.", part=0.5, whole=4)
    for low, high in ((4, 5), (0, 2)):
        with pytest.raises(SettingsError, match=rf"^g\.whole=3: expected {low} to {high}$"):
            ranges.within(VALUES, "g.", low, high, "whole")


@pytest.mark.parametrize(("value", "taken"), [(0, True), (0.99, True), (1, False), (-0.1, False)])
def test_a_share_is_from_0_to_below_1(value: float, taken: bool) -> None:
    settings = SimpleNamespace(dropout=value)
    if taken:
        ranges.shares(settings, "g.", "dropout")
    else:
        with pytest.raises(SettingsError, match=r"g\.dropout=.*expected 0 or more, below 1"):
            ranges.shares(settings, "g.", "dropout")


def test_a_name_is_one_of_the_known_or_near_ones_are_told() -> None:
    ranges.one_of(VALUES, "g.", name=("adam", "sgd"))
    with pytest.raises(SettingsError, match=r"g\.name=adam: .*did you mean adamw.*expected one of"):
        ranges.one_of(VALUES, "g.", name=("adamw", "sgd"))
    with pytest.raises(SettingsError, match=r"g\.name=adam: expected face$"):
        ranges.one_of(VALUES, "g.", name=("face",))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seeds_are_those_that_every_generator_takes(seed: int) -> None:
    ranges.check_seed(0)
    ranges.check_seed(2**32 - 1)
    with pytest.raises(SettingsError, match=rf"seed={seed}: expected 0 to 4294967295"):
        ranges.check_seed(seed)
