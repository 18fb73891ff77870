from pathlib import Path

import numpy as np
import pytest

from mood2music.flow.accompanying import with_accompaniment
from mood2music.flow.photo import silent
from mood2music.flow.song import Start
from mood2music.generator import network as networks
from mood2music.generator.network import NetworkSettings
from mood2music.music.notes import make_notes
from mood2music.style.networks import StyledNetwork


@pytest.mark.parametrize(
    ("styles", "asked", "kept", "pattern"),
    [
        ({"jazz": 1.0}, None, False, "comp"),
        ({"jazz": 1.0}, None, True, None),
        ({"jazz": 1.0}, True, True, "comp"),
        ({"jazz": 1.0}, False, False, None),
        ({"jazz": 0.0}, None, False, None),
        ({"classical": 1.0}, None, False, "broken"),
        ({"classical": 1.0}, True, False, None),
        ({"jazz": 0.3, "pop": 0.8}, None, False, None),
        ({}, None, False, None),
    ],
)
def test_jazz_and_classical_take_the_tune_alone_of_a_file_of_another_style(
    styles: dict[str, float], asked: bool | None, kept: bool, pattern: str | None
) -> None:
    network = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 4, "embedding": 4})
    )
    base = Path("base.safetensors")
    styled = StyledNetwork(network, {}, base, {name: (base, s) for name, s in styles.items()})

    def song(chords: list[tuple[int, ...]]) -> Start:
        rows = [(48 * i, 48, 60 + p) for i, chord in enumerate(chords) for p in (-12, *chord)]
        onset, duration, pitch = (np.array(part) for part in zip(*rows, strict=True))
        return Start(make_notes(onset, duration, pitch, np.full(len(rows), 70)), "", {})

    plain = song([(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)] * 4)
    start = with_accompaniment(plain, asked, styled, silent, kept)
    assert start.how == ({} if pattern is None else {"accompaniment": pattern})
    assert (start is plain) is (pattern is None)
    sevenths = song([(10, 14, 17, 21), (7, 11, 14, 17), (0, 4, 7, 11), (9, 13, 16, 19)] * 8)
    if "jazz" in styles and asked is None:
        assert with_accompaniment(sevenths, None, styled, silent) is sevenths
