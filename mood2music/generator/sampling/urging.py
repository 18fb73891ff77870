"""Makes likelier what guides want of the next event: a note of a tune, or a quoted event."""

from collections.abc import Sequence

import numpy as np

from mood2music.arrays import Floats
from mood2music.generator.memory.urges import Quote, Urge
from mood2music.generator.sampling.limits import Limits
from mood2music.music.events import END, HELD, LONGEST


def urged(limits: Limits, urges: Sequence[Urge | Quote | None]) -> Limits:
    """Give limits by which what is wanted of each variant is likelier; None: nothing is.

    A motif's next note is likelier. Of a tune, which is the top, where a note is due it is likelier
    and all above it unlikelier; before, what would cover the last one is, and no event lasts
    beyond. Of what is quoted all tokens are likelier and all others unlikelier, and it lasts as
    long as it did, a rest as well.
    """
    if not any(urge is not None for urge in urges):
        return limits
    scores = limits.scores.copy()
    left = np.full(len(urges), LONGEST) if limits.left is None else limits.left.copy()
    last = np.zeros(len(urges), bool) if limits.last is None else limits.last.copy()
    silence = None if limits.silence is None else limits.silence.copy()
    for row, urge in enumerate(urges):
        if isinstance(urge, Quote):
            last[row] |= urge.tokens is not None and urge.duration <= left[row]
            left[row] = min(left[row], urge.duration)
            _quote(scores[row], urge)
            if silence is not None and urge.tokens == ():
                silence[row] = LONGEST
        elif urge is not None:
            if urge.left:
                left[row] = min(left[row], urge.left)
            _urge(scores[row], urge)
    return limits._replace(
        scores=scores, left=left, last=last if last.any() else None, silence=silence
    )


def _quote(scores: Floats, quote: Quote) -> None:
    if quote.tokens is not None:
        scores[:END] -= quote.firm
        scores[list(quote.tokens)] += 2 * quote.firm


def _urge(scores: Floats, urge: Urge) -> None:
    above = urge.top
    if not urge.left:
        scores[urge.pitch] += urge.firm
        above = urge.pitch + 1
    if urge.over:
        scores[above:HELD] -= urge.firm
        if not urge.left:
            scores[HELD + above : END] -= urge.firm
