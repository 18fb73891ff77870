"""Measures how well each thinkable meter fits the notes of a piece, and of passages of it.

The signals that mark beats (see `meter_signals`) are averaged over the places of each candidate's
bar: downbeat, middle, beats, halves of beats, the rest. Besides: how alike the music is some bars
later, where passages return and whether whole bars lie between (Lerdahl and Jackendoff's rule of
parallelism, 1983), the note values that it is written in, and where the piece begins and ends.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from mood2music.arrays import Doubles, Ints
from mood2music.music.meter_candidates import BINS, CANDIDATES, PHASE, ROLES, WHICH
from mood2music.music.meter_signals import Heard

# By which parts of a bar music is compared with itself.
_LAGS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0)
# Of which parts of a bar the distances of passages that return are multiples.
_WHOLE = (0.5, 1.0, 2.0, 4.0, 8.0)


def fits(heard: Heard, spans: Sequence[tuple[int, int]]) -> Doubles:
    """Measure the candidates over spans [start, stop) of bins: (spans, candidates, features)."""
    lags = {int(c.bins * part) for c in CANDIDATES for part in _LAGS}
    alike = _alike(heard, spans, sorted(lags))
    rows = []
    for which, candidate in enumerate(CANDIDATES):
        means = np.stack([_folded(heard.signals, a, b, candidate.bins) for a, b in spans])
        roles = np.einsum("wsb,bpr->wpsr", means, _by_role(which))
        same = np.concatenate(
            [alike[int(candidate.bins * part)] for part in _LAGS]
            + [
                np.stack([_whole_bars(found, a, b, candidate.bins) for a, b in spans])
                for found in heard.returns
            ],
            1,
        )
        phases = len(candidate.phases)
        rows.append(
            np.concatenate(
                [
                    roles.reshape(len(spans), phases, -1),
                    np.repeat(same[:, None], phases, 1),
                    np.broadcast_to(heard.values, (len(spans), phases, len(heard.values))),
                ],
                2,
            )
        )
    return np.concatenate(rows, 1)


@cache
def _by_role(which: int) -> Doubles:
    """(bins, phases, roles + 2): takes means of a bar's bins to means of the roles, at each phase.

    The last two are the two bins before the downbeat.
    """
    candidate = CANDIDATES[which]
    roles = np.array(candidate.roles)
    weights = np.zeros((candidate.bins, len(candidate.phases), ROLES + 2))
    for i, phase in enumerate(candidate.phases):
        there = np.roll(roles, phase)
        for role in range(ROLES):
            weights[there == role, i, role] = 1 / max((there == role).sum(), 1)
        weights[(phase - 1) % candidate.bins, i, ROLES] = 1
        weights[(phase - 2) % candidate.bins, i, ROLES + 1] = 1
    return weights


def _folded(signals: Doubles, start: int, stop: int, bins: int) -> Doubles:
    """Means of signals[:, start:stop] by their place modulo `bins`: (S, bins)."""
    part = signals[:, start:stop]
    whole = -(-part.shape[1] // bins)
    padded = np.zeros((len(part), whole * bins))
    padded[:, : part.shape[1]] = part
    count = np.maximum(np.bincount(np.arange(part.shape[1]) % bins, minlength=bins), 1)
    return np.roll(padded.reshape(len(part), whole, bins).sum(1) / count, start % bins, 1)


def _alike(
    heard: Heard, spans: Sequence[tuple[int, int]], lags: Sequence[int]
) -> dict[int, Doubles]:
    """How alike each span is to the music so many bins later: by lag (spans, matrices)."""
    found = {lag: np.zeros((len(spans), len(heard.alike))) for lag in lags}
    for i, matrix in enumerate(heard.alike):
        for j, (start, stop) in enumerate(spans):
            own = matrix[start:stop]
            power = np.vdot(own, own) + 1e-9
            for lag in lags:
                later = matrix[start + lag : stop + lag]
                found[lag][j, i] = np.vdot(own[: len(later)], later) / power
    return found


def _whole_bars(returns: Ints, start: int, stop: int, bins: int) -> Doubles:
    """Shares of what returns in [start, stop) at a distance of so many parts of a bar: (parts,)."""
    here = returns[(returns[:, 0] >= start) & (returns[:, 0] < stop)]
    length = here[:, 2].astype(float)
    return np.array(
        [
            (length * (here[:, 1] % max(int(bins * part), 1) == 0)).sum() / (length.sum() + BINS)
            for part in _WHOLE
        ]
    )


def edges(heard: Heard, begin: int = 0) -> Doubles:
    """What the beginning and the end of a piece say of each candidate: (candidates, features).

    begin: the bin that counts as the first, what is before it being cut off.
    """
    at = min(int(np.searchsorted(heard.onsets, begin)), len(heard.onsets) - 1)
    first, last = int(heard.onsets[at]), int(heard.onsets[-1])
    rows = []
    for which, phase in zip(WHICH.tolist(), PHASE.tolist(), strict=True):
        candidate = CANDIDATES[which]
        at_begin = (phase - begin) % candidate.bins == 0
        line = phase + max(-((phase - begin) // candidate.bins), 0) * candidate.bins
        bars, over = divmod(heard.end - line, candidate.bins)
        pickup = (phase - first) % candidate.bins / candidate.bins
        roles = [candidate.roles[(at - phase) % candidate.bins] for at in (first, last)]
        rows.append(
            [
                at_begin,
                at_begin and first == begin,
                at_begin and first >= begin + BINS,
                *(role == r for role in roles for r in range(ROLES)),
                0 < pickup <= 0.25,
                0.25 < pickup <= 0.5,
                pickup > 0.5,
                over == 0,
                bars % 2 == 0,
                bars % 4 == 0,
                over == 0 and bars % 4 == 0,
                (heard.end - first) % candidate.bins == 0,
                (heard.end - first) % (4 * candidate.bins) == 0,
                (heard.end - first) % (8 * candidate.bins) == 0,
                over < 3 or over > candidate.bins - 3,
                np.log2(max(bars, 1)),
            ]
        )
    return np.array(rows, float)
