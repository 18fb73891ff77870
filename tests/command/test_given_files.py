import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from mood2music.command.given_files import check_checkpoint, check_resumed, check_source
from mood2music.errors import CheckpointError, ImageError, MusicFileError
from mood2music.files import PRETRAINED

KINDS = {"photo": ImageError, "midi": MusicFileError, "audio": MusicFileError}


@pytest.mark.parametrize("option", KINDS)
def test_a_folder_an_address_and_nothing_are_told_apart(option: str, tmp_path: Path) -> None:
    for given, said in (
        (tmp_path, "that is a folder"),
        ("https://example.org/a.jpg", "that is an address: download it first"),
        (Path("https://example.org/a.jpg"), "that is an address: download it first"),
        (tmp_path / "gone", "no such file, expected a"),
        ("x" * 5000, "no such file"),
        ("a\0b", "no such file"),
    ):
        with pytest.raises(KINDS[option], match=said) as refused:
            check_source(option, given)
        assert str(refused.value).startswith(f"{option}=")
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("option", ["midi", "audio"])
def test_a_file_of_a_notation_program_is_to_be_exported(option: str, tmp_path: Path) -> None:
    (tmp_path / "waltz.MSCZ").touch()
    with pytest.raises(MusicFileError, match="that is MuseScore's own format: export MusicXML"):
        check_source(option, tmp_path / "waltz.MSCZ")


def test_a_file_and_none_pass(tmp_path: Path) -> None:
    (tmp_path / "a.mid").touch()
    check_source("midi", tmp_path / "a.mid")
    check_source("midi", None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# mood2music\n",
        b"\x02\0\0\0\0\0\0\0{}",
        b"\x02\0\0\0\0\0\0\0[]",
        b"\x09\0\0\0\0\0\0\0{}",
        b"\xff" * 64,
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
        b"\x15\0\0\0\0\0\0\0" + b'{"__metadata__": null}',
    ],
)
def test_a_file_that_is_no_checkpoint_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"^model\.init=.*is not a mood2music checkpoint"):
        check_checkpoint("model.init", tmp_path / "a.safetensors")


def test_a_checkpoint_passes_and_a_safetensors_file_of_others_does_not(tmp_path: Path) -> None:
    for path in PRETRAINED.glob("*.safetensors"):
        # Neither is a network of train's.
        if path.stem not in ("imagenet_alexnet", "face_hidden"):
            check_checkpoint("model", path)
    save_file({"a": np.zeros(2)}, tmp_path / "a.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        check_checkpoint("model", tmp_path / "a.safetensors")


def test_what_is_resumed_is_a_file_as_torch_writes_it(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no such file, expected a run's last\.ckpt"):
        check_resumed(tmp_path / "last.ckpt")
    (tmp_path / "last.ckpt").write_text("junk")
    with pytest.raises(CheckpointError, match=r"not a run's last\.ckpt"):
        check_resumed(tmp_path / "last.ckpt")
    with zipfile.ZipFile(tmp_path / "last.ckpt", "w") as archive:
        archive.writestr("archive/data.pkl", b"")
    check_resumed(tmp_path / "last.ckpt")
