"""apart.py: a store like any other, of which the cache knows nothing."""

from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.store.apart import prepare_apart
from mood2music.store.prepare import MusicSourceSettings, prepare


def test_it_is_what_prepare_makes_and_the_cache_stays_as_it_was(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = MusicSourceSettings(root=str(library / "slow"))
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "cache"))
    store = prepare_apart(settings, tmp_path / "store")
    assert not (tmp_path / "cache").exists()
    assert store.fingerprint == prepare(settings, progress=False).fingerprint
    assert [file for file, _ in store.faults] == ["broken.mid"]


def test_music_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(b"MThd nothing more")
    with pytest.raises(DataError, match=r"no readable music: a\.mid"):
        prepare_apart(MusicSourceSettings(root=str(tmp_path)), tmp_path / "store")
