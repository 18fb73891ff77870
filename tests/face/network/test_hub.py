"""hub.py: weights out of reach end in one quick line, weights at hand are not asked for."""

import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import constants

from mood2music.errors import CheckpointError, UnknownNameError
from mood2music.face.network.hub import PATIENCE, check, check_name
from mood2music.face.network.timm_backbone import create


# 192.0.2.1 never answers (RFC 5737); nothing listens on port 9 of this machine.
@pytest.mark.parametrize("host", ["https://192.0.2.1", "http://127.0.0.1:9"])
def test_weights_out_of_reach_end_in_one_line(
    host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", host)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(CheckpointError, match="cannot be downloaded") as caught:
        check("resnet10t")
    assert "\n" not in str(caught.value)


def test_nobody_waits_five_seconds_for_a_host() -> None:
    assert PATIENCE < 5


def test_making_the_network_asks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(CheckpointError, match="cannot be downloaded"):
        create("resnet10t", 2, pretrained=True, dropout=0.0, size=64)


def test_weights_in_the_cache_need_no_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    (tmp_path / "models--timm--resnet10t.c3_in1k").mkdir()
    check("resnet10t")


def test_asking_imports_neither_torch_nor_timm() -> None:
    code = (
        "import sys; from mood2music.face.network import hub; hub.reachable('http://127.0.0.1:9');"
        "print(*{'torch', 'timm', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_name_that_timm_does_not_know_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"timm has no such network, near names: .*resnet18"):
        check_name("resnet81")
    with pytest.raises(UnknownNameError, match="timm has no such network"):
        check_name("nosuch")


@pytest.mark.parametrize(
    "name", ["resnet18", "resnet18.a1_in1k", "vit_small_resnet26d_224", "hf-hub:a/b"]
)
def test_names_old_names_and_tags_pass(name: str) -> None:
    check_name(name)
