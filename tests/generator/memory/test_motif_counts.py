from collections import Counter

import numpy as np
import pytest

from mood2music.generator.memory.motif_counts import Candidates, MotifCounts
from mood2music.generator.memory.motifs import motifs_of


def test_it_counts_which_motifs_come_back_from_where() -> None:
    # Five notes, two others, then the five again a third higher and slower, and one that is new.
    pitch = np.array([60, 62, 64, 65, 67, 50, 55, 64, 66, 68, 69, 71, 40])
    onset = np.array([12 * i for i in range(7)] + [96 + 24 * i for i in range(6)])
    counts = MotifCounts()
    counts.count(motifs_of(pitch, onset), np.ones(13, bool), grid=24)
    assert counts.tune == {"new": 9, "begins": 1, "kept": 0, "aligned": 1}
    assert (counts.far, counts.by, counts.long) == ({2: 1}, {4: 1}, {4: 1})


def test_a_motif_is_drawn_from_where_motifs_come_back() -> None:
    rng = np.random.default_rng(0)
    tune = Counter({"new": 40, "begins": 10, "kept": 5, "aligned": 10})
    counts = MotifCounts(
        tune, far=Counter({3: 4}), by=Counter({0: 9, 5: 1}), long=Counter({4: 3, 6: 1})
    )
    assert sum(counts.begins(rng) for _ in range(2000)) / 2000 == pytest.approx(0.25, abs=0.04)
    back, moved = np.array([40, 9, 10, 11]), np.array([0, 0, 5, 1])
    candidates = Candidates(back, moved, np.ones(4, bool))
    drawn = Counter(counts.motif(candidates, rng) for _ in range(1000))
    assert set(drawn) == {1, 2}, "neither that far back nor moved by a semitone"
    assert drawn[1] / 1000 == pytest.approx(0.9, abs=0.04)
    assert counts.motif(Candidates(back[:1], moved[:1], np.ones(1, bool)), rng) is None
    lengths = Counter(counts.length(rng) for _ in range(1000))
    assert {(4, True), (4, False), (6, True), (6, False)} == set(lengths)
