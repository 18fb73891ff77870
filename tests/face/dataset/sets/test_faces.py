"""faces.py: several roots at once, each with its own weight and parts."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError, SettingsError
from mood2music.face.dataset.sets.faces import FacesSettings, load
from mood2music.face.dataset.split import split


def test_two_roots_stand_under_one_another(classes: Path, labelled: Path) -> None:
    table, shares = load(FacesSettings(root=[str(classes), str(labelled)], repeat=[1, 3]))
    assert len(table) == 13 + 6
    assert table.images.shape == (19, 49, 49)
    assert shares.repeat.tolist() == [1] * 13 + [3] * 6
    assert [path for path, _ in table.skipped if "broken" in path] == ["happiness/broken.png"]


def test_one_root_is_as_good_as_a_list(labelled: Path) -> None:
    assert load(FacesSettings(root=str(labelled)))[0].paths == [f"images/{n}.png" for n in range(6)]


def test_a_test_root_is_never_learnt_from(classes: Path, labelled: Path) -> None:
    settings = FacesSettings(root=str(classes), test_root=str(labelled), val_fraction=0.3)
    table, shares = load(settings)
    parts = split(table, shares, seed=0)
    assert sorted(table.paths[row] for row in parts.test) == [f"images/{n}.png" for n in range(6)]
    assert not {table.paths[row] for row in [*parts.train, *parts.val]} & {"images/0.png"}


def test_prefixes_say_the_part(classes: Path) -> None:
    table, shares = load(FacesSettings(root=str(classes), val="Sad/"))
    parts = split(table, shares, seed=0)
    assert {table.paths[row].split("/")[0] for row in parts.val} == {"Sad"}
    assert {table.paths[row].split("/")[0] for row in parts.train} == {"happiness"}


def test_a_prefix_of_no_path_is_refused(classes: Path) -> None:
    told = r"data\.val=sad/: no labelled picture's path begins so, they begin with Sad, happiness"
    with pytest.raises(DataError, match=told):
        load(FacesSettings(root=str(classes), val="sad/"))


def test_fractions_may_differ_by_root(classes: Path, labelled: Path) -> None:
    settings = FacesSettings(root=[str(classes), str(labelled)], test_fraction=[0, 0.5])
    _, shares = load(settings)
    np.testing.assert_array_equal(shares.test, [0.0] * 13 + [0.5] * 6)


def test_no_root_says_how_to_get_one() -> None:
    with pytest.raises(DataError, match="data=drawn"):
        load(FacesSettings())


@pytest.mark.parametrize(
    "change", [{"repeat": [1, 2]}, {"repeat": [0]}, {"val_fraction": 1.5}, {"test_fraction": "x"}]
)
def test_a_setting_out_of_range_is_refused(labelled: Path, change: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=next(iter(change))):
        load(FacesSettings(root=str(labelled), **change))  # type: ignore[arg-type]


def test_faces_are_kept_at_the_pixels_asked_for(labelled: Path) -> None:
    for size in (49, 24):
        table, _ = load(FacesSettings(root=str(labelled), size=size))
        assert table.images.shape[1:] == (size, size)
    with pytest.raises(SettingsError, match=r"data\.size=8: expected 16 to 256"):
        load(FacesSettings(root=str(labelled), size=8))
