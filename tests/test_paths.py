from pathlib import Path

import pytest

from mood2music import paths


def test_the_cache_is_where_the_environment_says_else_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "mine"))
    assert paths.cache() == tmp_path / "mine"
    for unset in ("", None):
        if unset is None:
            monkeypatch.delenv("MOOD2MUSIC_CACHE")
        else:
            monkeypatch.setenv("MOOD2MUSIC_CACHE", unset)
        assert paths.cache().is_absolute()
        assert paths.cache().name == "mood2music"


def test_configs_and_weights_lie_where_the_paths_say() -> None:
    assert (paths.CONFIGS / "train.yaml").is_file()
    assert list(paths.PRETRAINED.glob("*.safetensors"))
