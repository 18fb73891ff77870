import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mood2music.files import PACKAGE
from mood2music.music.write import write_midi
from tests.conftest import tune

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PACKAGE.parent, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("mood2music-*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_code_configs_weights_and_catalog(installed: Path) -> None:
    for name in (
        "configs/train.yaml",
        "configs/generate/generate.yaml",
        "pretrained/lstm_base.safetensors",
        "pretrained/basic_pitch.onnx",
        "pretrained/face_mood.onnx",
        "pretrained/basic_pitch.LICENSE",
        "catalog/corpus.csv",
        "music/meter_finder.safetensors",
    ):
        assert (installed / "mood2music" / name).is_file(), name
    assert not (installed / "tests").exists()


def test_an_installed_wheel_writes_a_piece_from_any_folder(installed: Path, tmp_path: Path) -> None:
    write_midi(tune(1), tmp_path / "song.mid")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mood2music.generate", "midi=song.mid", "length=10"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (Path(done.stdout.splitlines()[-1]) / "piece.mid").is_file()
    origin = subprocess.run(
        [sys.executable, "-P", "-c", "import mood2music; print(mood2music.__file__)"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(origin.stdout.strip()).is_relative_to(installed)


SCRIPT = """\
from pathlib import Path

import numpy as np

from mood2music import GenerateSettings, Mood, Mood2MusicError, Piece, StyleSettings, compose

asked = [
    GenerateSettings(mood=Mood(0.5, 0.2), style="jazz", range=(48, 84), length=20),
    GenerateSettings(mood=(np.float32(0.5), 0.2), style=StyleSettings("pop", strength=0.5)),
    GenerateSettings(photo=Path("me.jpg"), structure=("A", "B")),
    GenerateSettings(midi=Path("tune.mid"), model=Path("best.safetensors"), mood="happy"),
]


def write(settings: GenerateSettings, folder: Path) -> Piece:
    composed = compose(settings, print, lambda done, total: print(done / total))
    composed.write(folder)
    mood: Mood | None = composed.start.mood
    print(mood, composed.pieces[0].notes.pitch.mean())
    return composed.pieces[0]


for number, settings in enumerate(asked):
    try:
        write(settings, Path(str(number)))
    except Mood2MusicError as error:
        print(error)
"""


def test_a_users_script_passes_mypy_with_the_installed_wheel(
    installed: Path, tmp_path: Path
) -> None:
    assert (installed / "mood2music" / "py.typed").is_file()
    # An environment of the wheel and numpy; what else it imports, mypy takes as Any.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    (packages,) = tmp_path.glob("env/lib/python*/site-packages")
    (packages / "mood2music").symlink_to(installed / "mood2music")
    (packages / "numpy").symlink_to(Path(np.__file__).parent)
    (tmp_path / "script.py").write_text(SCRIPT)
    mypy = [
        sys.executable, "-m", "mypy", "--strict", "--config-file=",
        "--cache-dir", str(tmp_path / "cache"),
        "--python-executable", str(tmp_path / "env" / "bin" / "python"),
    ]  # fmt: skip

    def checked() -> str:
        done = subprocess.run(
            [*mypy, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    assert checked() == "Success: no issues found in 1 source file\n"
    (tmp_path / "script.py").write_text(SCRIPT.replace("length=20", "length='20'"))
    assert 'incompatible type "str"; expected "int"' in checked()
