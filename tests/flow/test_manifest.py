"""manifest.py: what a run measures, and what run.json holds of it."""

import numpy as np
import pytest

from mood2music.flow.manifest import Manifest, NetworkTold, PieceTold, SeedTold
from mood2music.flow.manifest import figures as known_figures
from mood2music.judge.judges import judged
from mood2music.judge.reasons import Reason
from mood2music.judge.statistics import statistics
from tests.conftest import tune


def told(seed: int, longest: int | None, style: int = 0) -> PieceTold:
    notes = tune(seed)
    new = None
    if longest is not None:
        new = {"longest_run": longest, "share": longest / 50, "song": {"longest_run": 2}}
    return PieceTold(
        "C major", 100.0, 30.0, [], 24, 0, [], 50, False, {"base": 30, "style": style}, 0.5,
        [Reason("mode", "major", 0.1, 0.0)],
        judged(notes), {"share": 0.25, "tune": None, "bars": []}, new,
    )  # fmt: skip


def manifest(*pieces: PieceTold) -> Manifest:
    return Manifest(
        {"length": 50}, {"midi": {"name": "tune.mid"}}, SeedTold("C major", [3], 35, 80),
        NetworkTold("lstm_base.safetensors", {"jazz": 1.0}, {}, "jazz"), {}, None, list(pieces),
    )  # fmt: skip


def test_every_figure_is_a_mean_over_the_pieces() -> None:
    run = manifest(told(1, 5), told(2, 15, style=10))
    figures = run.figures()
    assert tuple(figures) == known_figures()
    assert figures["novelty"] == pytest.approx((0.9 + 0.7) / 2)
    assert (figures["longest_run"], figures["song_run"]) == (10, 2)
    assert figures["style_share"] == pytest.approx((0 + 0.25) / 2)
    notes = [statistics(tune(seed)).polyphony for seed in (1, 2)]
    assert figures["polyphony"] == pytest.approx(np.mean(notes))


def test_without_an_index_there_is_no_novelty_but_all_else() -> None:
    assert set(known_figures()) - set(manifest(told(1, None)).figures()) == {
        "novelty", "longest_run", "song_run",
    }  # fmt: skip


def test_the_manifest_is_told_in_order_and_naming_files_changes_no_other() -> None:
    run = manifest(told(1, 5))
    named = run.with_files([["piece.mid", "piece.wav"]])
    assert run.pieces[0].files == ()
    said = named.as_dict()
    assert list(said) == [
        "mood2music", "settings", "midi", "seed", "network", "trained_on", "soundfont", "figures",
        "pieces",
    ]  # fmt: skip
    assert said["seed"] == {"key": "C major", "starts": [3], "events": 35, "of": 80}
    assert list(said["pieces"][0]["files"]) == ["piece.mid", "piece.wav"]
