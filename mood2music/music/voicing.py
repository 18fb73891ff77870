"""Leads the bass and the upper voices from chord to chord: by small steps, as players do."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

# Lowest and highest pitch of the bass and of the upper voices (C2 to G3, E3 to B4), and the voices.
BASS = (36, 55)
UPPER = (52, 71)
VOICES = 3
# Where upper voices may begin where a low tune leaves them no place: C3.
LOWEST = 48
# What the bass costs in inversion, by the place of its pitch in the chord: a root is firmest, a
# second inversion wants a reason.
INVERSION = (0.0, 0.9, 1.8, 2.5)
# What a step of the bass costs by its semitones: none of a chord that changes over a bass that
# stays, then steps, thirds and fourths, fifths, and leaps that a line does not make.
STAYS, FOURTH, FIFTH, SIXTH, OCTAVE = 0.3, 0.35, 0.5, 1.2, 2.5
# What each semitone costs that the bass lacks of so many below the tune: the chord fits between.
CROWDED, ROOM = 0.12, 19
# Parallel fifths and octaves with the bass, and each semitone that upper voices move.
PARALLEL, MOVES = 3.0, 1.0

Pitches = tuple[int, ...]


def bass_line(
    chords: Sequence[tuple[int, Pitches]],
    ceilings: Sequence[int],
    within: tuple[int, int] = BASS,
    inversion: Sequence[float] = INVERSION,
    stated: Sequence[int | None] = (),
) -> list[int | None]:
    """The bass of each chord, None where the tune leaves no room: the cheapest line (Viterbi).

    chords: pitch class of the root, and semitones from it; ceilings: the lowest pitch of the tune
    above each; within: lowest and highest pitch; inversion: see INVERSION; stated: the pitch
    class of each bass that is not left open, () for none. The first and the last stand on their
    roots.
    """
    line: list[int | None] = [None] * len(chords)
    costs: list[dict[int, tuple[float, int | None]]] = []
    for i, ((root, pitches), ceiling) in enumerate(zip(chords, ceilings, strict=True)):
        tones = {(root + p) % 12: inversion[min(at, 3)] for at, p in enumerate(pitches)}
        if stated and (own_bass := stated[i]) is not None:
            tones = {own_bass: 0.0}
        edge = i in (0, len(chords) - 1)
        here: dict[int, tuple[float, int | None]] = {}
        for pitch in range(within[0], min(within[1] + 1, ceiling)):
            own = tones.get(pitch % 12)
            if own is None or (edge and own):
                continue
            before = costs[-1] if costs else {}
            ways = [(cost + _step(pitch - low, chords[i] == chords[i - 1]), low)
                    for low, (cost, _) in before.items()]  # fmt: skip
            cost, low = min(ways) if ways else (0.0, None)
            crowded = CROWDED * max(0, ROOM - (min(ceiling, UPPER[1]) - pitch))
            here[pitch] = (cost + own + crowded, low)
        costs.append(here)
    came: int | None = None
    for i, here in reversed(list(enumerate(costs))):
        if not here:
            came = None
            continue
        found = min(here, key=lambda p: here[p][0]) if came is None else came
        line[i], came = found, here[found][1]
    return line


def _step(by: int, same: bool) -> float:
    far = abs(by)
    if far == 0:
        return 0.0 if same else STAYS
    for most, cost in ((2, 0.0), (5, FOURTH), (7, FIFTH), (11, SIXTH)):
        if far <= most:
            return cost
    return OCTAVE


def upper_voices(
    chords: Sequence[tuple[int, Pitches]], bass: Sequence[int | None], ceilings: Sequence[int]
) -> list[Pitches]:
    """The upper voices of each chord, ascending, () where the tune leaves no room for two.

    The third and the seventh are always there, then the root or the fifth; of all positions the one
    that is reached by the smallest motion (Tymoczko 2006, Science 313) without parallels.
    """
    voiced: list[Pitches] = []
    before: Pitches = ()
    low_before: int | None = None
    for (root, pitches), low, ceiling in zip(chords, bass, ceilings, strict=True):
        best: tuple[float, Pitches] | None = None
        for position in _positions(root, pitches, low, ceiling):
            cost = _motion(before, position, low_before, low)
            if best is None or (cost, position) < best:
                best = (cost, position)
        chosen = best[1] if best else ()
        voiced.append(chosen)
        if chosen:
            before, low_before = chosen, low
    return voiced


def _positions(root: int, pitches: Pitches, low: int | None, ceiling: int) -> list[Pitches]:
    """Close positions of a chord's voices between its bass and a tune.

    Two voices where three find none, then from LOWEST on, and at last any two of its pitches that
    are no second apart.
    """
    guides = [p for p in pitches if p in (3, 4, 10, 11)]
    rest = [p for p in pitches if p not in guides]
    # The bass has the root already, or whatever else it has.
    rest.sort(key=lambda p: low is not None and (root + p - low) % 12 == 0)
    tones = [*guides, *rest]
    for floor in (UPPER[0], LOWEST):
        bottom = floor if low is None else max(floor, low + 4)
        room = range(bottom, min(UPPER[1] + 1, ceiling))
        places = [[p for p in room if (p - root - tone) % 12 == 0] for tone in tones]
        for voices in (VOICES, 2):
            if found := _close(places[:voices]):
                return found
    pairs = (position for pair in combinations(places, 2) for position in _close(pair))
    return [pair for pair in pairs if pair[1] - pair[0] > 2]


def _close(places: Sequence[Sequence[int]]) -> list[Pitches]:
    """Positions within an octave, a pitch of each of the places, ascending."""
    found = [tuple(sorted(position)) for position in product(*places)]
    return [p for p in found if len(set(p)) == len(p) and p[-1] - p[0] <= 12]


def _motion(before: Pitches, position: Pitches, low_before: int | None, low: int | None) -> float:
    middle = sum(UPPER) / 2
    cost = abs(float(np.mean(position)) - middle) / 6
    if len(before) != len(position):
        return cost
    cost += MOVES * sum(abs(a - b) for a, b in zip(before, position, strict=True)) / len(position)
    if low is not None and low_before is not None and low != low_before:
        for a, b in zip(before, position, strict=True):
            if a != b and (a - low_before) % 12 == (b - low) % 12 and (b - low) % 12 in (0, 7):
                cost += PARALLEL
    return cost
