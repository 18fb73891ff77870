from pathlib import Path

import pytest

from mood2music.errors import DataError, SettingsError
from mood2music.store.sources import MusicSourceSettings, find_sources, reading_of


def test_all_music_below_a_folder_is_found_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b/2.MID", "b/1.krn", "a.musicxml", "notes.txt", "c.mid/inner.abc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    sources = find_sources(MusicSourceSettings(name="midi", root=str(tmp_path)))
    assert [s.name for s in sources] == ["a.musicxml", "b/1.krn", "b/2.MID", "c.mid/inner.abc"]
    assert sources[2].path == str(tmp_path / "b" / "2.MID")
    assert {s.size for s in sources} == {5}
    first = find_sources(MusicSourceSettings(name="midi", root=str(tmp_path), limit=1))
    assert [s.name for s in first] == ["a.musicxml"]


def test_a_link_that_leads_nowhere_is_listed_too(tmp_path: Path) -> None:
    (tmp_path / "gone.mid").symlink_to(tmp_path / "nothing")
    (source,) = find_sources(MusicSourceSettings(name="midi", root=str(tmp_path)))
    assert (source.name, source.size) == ("gone.mid", -1)


def test_works_of_the_corpus_go_by_their_place_in_it() -> None:
    sources = find_sources(MusicSourceSettings("corpus", composers=["monteverdi"], limit=2))
    assert [s.path for s in sources] == [None, None]
    assert all(s.name.startswith("monteverdi/") for s in sources)
    with pytest.raises(DataError, match="no composer nobody"):
        find_sources(MusicSourceSettings("corpus", composers=["nobody"]))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "mp3"}, "data.name=mp3: expected one of midi, corpus"),
        ({"grid": 0}, "data.grid=0: expected 1 to 96"),
        ({"quantize": [5]}, "divide the grid of 24"),
        ({"timeout": 0.0}, "data.timeout=0: expected above 0"),
        ({"jobs": 0}, "data.jobs=0: expected a number of processes"),
    ],
)
def test_a_setting_out_of_range_is_said(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        find_sources(MusicSourceSettings(**wrong))  # type: ignore[arg-type]


def test_what_decides_the_reading_decides_its_name() -> None:
    usual = reading_of(MusicSourceSettings())
    assert usual == reading_of(MusicSourceSettings(name="midi", root="x", jobs=1, limit=3))
    assert usual != reading_of(MusicSourceSettings(grid=12))
    assert usual != reading_of(MusicSourceSettings(quantize=[]))
