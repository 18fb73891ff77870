import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mood2music.music.write import write_midi
from mood2music.paths import PACKAGE
from tests.conftest import tune

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "-w", str(folder), str(PACKAGE.parent)],
        check=True, capture_output=True,
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
        "pretrained/basic_pitch.LICENSE",
        "catalog/corpus.csv",
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
