from mood2music.music.meter_candidates import CANDIDATES, PHASE, WHICH


def test_candidates_are_every_signature_at_every_eighth_note() -> None:
    assert [(c.beats, c.unit, c.bins) for c in CANDIDATES] == [
        (2, 4, 8), (3, 4, 12), (4, 4, 16), (3, 8, 6), (6, 8, 12), (9, 8, 18), (12, 8, 24),
        (3, 2, 24), (5, 4, 20),
    ]  # fmt: skip
    assert CANDIDATES[2].roles == (0, 4, 3, 4, 2, 4, 3, 4, 1, 4, 3, 4, 2, 4, 3, 4)
    assert CANDIDATES[4].roles == (0, 4, 3, 4, 3, 4, 1, 4, 3, 4, 3, 4)
    assert len(WHICH) == len(PHASE) == sum(c.bins // 2 for c in CANDIDATES)
    assert PHASE[WHICH == 3].tolist() == [0, 2, 4]
