"""Settings to songs; every source's missing data says how to get it."""

import logging
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from mood2music import registry
from mood2music.catalog.open import SHIPPED, CatalogSettings, open_catalog
from mood2music.catalog.song import Song
from mood2music.catalog.table import read_table
from mood2music.command.settings import parse
from mood2music.errors import DataError, SettingsError, UnknownNameError
from mood2music.files import CONFIGS
from mood2music.judge.mood import formula_mood
from mood2music.registry import names, register

YAMLS = sorted((CONFIGS / "generate" / "catalog").glob("*.yaml"))


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: path.stem)
def test_every_config_names_itself_and_fits_the_settings(path: Path) -> None:
    settings = parse(CatalogSettings, OmegaConf.load(path), "catalog")  # type: ignore[arg-type]
    assert settings.name == path.stem
    assert settings.k == 5


def test_there_is_a_config_for_every_source() -> None:
    assert sorted(names("catalog")) == [path.stem for path in YAMLS]


def test_the_shipped_catalog_opens_without_arguments(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    songs = open_catalog(CatalogSettings(), formula_mood)
    assert len(songs) >= 400
    assert f"catalog corpus: {len(songs)} songs" in caplog.text


def test_a_table_of_ones_own_is_called_by_its_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rows = SHIPPED.read_text(encoding="utf-8").splitlines(keepends=True)[:4]
    (tmp_path / "mine.csv").write_text("".join(rows), encoding="utf-8")
    open_catalog(CatalogSettings(csv=tmp_path / "mine.csv"), formula_mood)
    assert "catalog mine.csv: 3 songs" in caplog.text


def test_style_keeps_only_its_songs() -> None:
    folk = open_catalog(CatalogSettings(style="Folk"), formula_mood)
    assert folk
    assert {song.style for song in folk} == {"folk"}


def test_an_unknown_style_names_the_near_and_the_known() -> None:
    with pytest.raises(UnknownNameError, match=r"catalog.style=clasical: did you mean classical\?"):
        open_catalog(CatalogSettings(style="clasical"), formula_mood)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (CatalogSettings(name="deezer"), "deezer_mood_detection_dataset"),
        (CatalogSettings(name="deezer", csv="x.csv"), "lmd_matched"),
        (CatalogSettings(name="library"), r"catalog\.root="),
        (CatalogSettings(csv="gone.csv"), "no catalog table at gone.csv"),
    ],
)
def test_missing_data_says_how_to_get_it(settings: CatalogSettings, message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_catalog(settings, formula_mood)


def test_a_catalog_of_a_plugin_is_chosen_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names("catalog")
    monkeypatch.setitem(registry._choices, "catalog", dict(registry._choices["catalog"]))

    @register("catalog", "few")
    def few(settings: CatalogSettings, label: object, va_source: str, progress: bool) -> list[Song]:
        return read_table(SHIPPED)[: settings.k]

    assert len(open_catalog(CatalogSettings(name="few", k=3), formula_mood)) == 3
    with pytest.raises(SettingsError, match=r"catalog\.name=fee: did you mean few"):
        CatalogSettings(name="fee").check()


def test_nothing_is_nearer_by_being_poorer() -> None:
    with pytest.raises(SettingsError, match=r"catalog\.richer=-0\.1: expected 0 or more"):
        CatalogSettings(richer=-0.1).check()


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"catalog\.name=spotify: expected one of corpus"):
        open_catalog(CatalogSettings(name="spotify"), formula_mood)
