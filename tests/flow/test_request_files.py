from pathlib import Path

import pytest

from mood2music.errors import Mood2MusicError
from mood2music.flow.request import GenerateSettings
from mood2music.flow.request_files import check_files
from mood2music.judge.trained_on import NoveltySettings
from mood2music.style.settings import StyleSettings


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"photo": ["webcam", "none.jpg"]}, "photo=none.jpg: no such file"),
        ({"midi": "none.mid"}, "midi=none.mid: no such file"),
        ({"audio": "none.wav"}, "audio=none.wav: no such file"),
        ({"midi": "http://a/b.mid"}, "midi=http://a/b.mid"),
        ({"mood": "sad", "model": "lstn"}, "did you mean lstm"),
        ({"mood": "sad", "style": "jaz"}, "did you mean jazz"),
        ({"mood": "sad", "style": StyleSettings("t", checkpoints={"t": "none.safetensors"})},
         "no checkpoint at none.safetensors: style.checkpoints names t"),
        ({"mood": "sad", "novelty": NoveltySettings("none.safetensors")},
         "novelty.index=none.safetensors: no such file"),
        ({"face": {"weights": ["none.onnx"]}}, "face.weights=none.onnx: no such file"),
        ({"song": "no such song"}, "no such song"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_by_its_option(settings: dict[str, object], said: str) -> None:
    with pytest.raises(Mood2MusicError, match=said) as refused:
        check_files(GenerateSettings(**settings))  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)


def test_the_catalog_is_not_asked_for_where_music_is_given(tmp_path: Path) -> None:
    file = tmp_path / "a.mid"
    file.write_bytes(b"not read here")
    check_files(GenerateSettings(midi=file, song="no such song"))
