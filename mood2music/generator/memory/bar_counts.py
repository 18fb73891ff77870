"""Counts when bars of a style come back, to which bar and how closely, and draws as they did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any

import numpy as np

from mood2music.generator.memory.counts import PRIOR, drawn
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.returns import Bars

# What a bar does: brings new matter, goes on with the bar behind the last one that came back, or
# comes back to another.
FRESH, GO_ON, RETURN = "new", "goes_on", "returns"
# Bars in a row that came back before a bar, told apart up to so many; and together with how many
# bars back they came from.
OLDEST, OLDEST_ALIGNED = 4, 8
# Phrases have so many bars: passages that come back from a multiple of it go on for longer.
PHRASE = 4
# How many times likelier a bar comes back from a multiple of that than was counted, where bars
# that are alike by chance count too: of written bars that come back 43 to 61 % do so then, of real
# ones 45 to 64 % (experiments/memory).
ALIGNED = 3.0
# Bars before a bar that are told apart: powers of two up to this one.
LATEST = 7
# Bars back that are told apart.
FURTHEST = 128
# Bars that stand as late count as much as all others together when there are so many of them.
ENOUGH = 30.0
# Onsets in a bar that are told apart.
FULLEST = 16


@dataclass
class BarCounts:
    """Counts of what bars did, each behind the bar before it.

    does: by how many bars in a row had come back before ("0" to str(OLDEST)), by that and the
    greatest common divisor of PHRASE and how many bars back they came from ("2/4"), and by how many
    bars stand before too ("0.3", "2/4.3": 8 to 15 of them), how often each of FRESH, GO_ON, RETURN
    followed; back: bars between a bar and the one it returned to; closely: by
    the code of the bar before, NEW or a return's, and by that and how many bars stand before, the
    codes of bars that came back; moved: by which row of MOVES bars are moved that return
    full: by the code of bars that came back, how many onsets there were in the bars that they came
    back to, and by that of NEW in any bar
    looser: share of the closer returns that are asked for one step more loosely, where a network
    plays them more exactly than pieces have them; it is not counted, nor kept in a checkpoint
    """

    does: dict[str, Counter[str]] = field(default_factory=dict)
    back: Counter[int] = field(default_factory=Counter)
    closely: dict[str, Counter[int]] = field(default_factory=dict)
    moved: Counter[int] = field(default_factory=Counter)
    full: dict[str, Counter[int]] = field(default_factory=dict)
    looser: float = field(default=0.0, init=False)

    def count(self, bars: Bars) -> None:
        """Count what the bars of a piece did."""
        source, code = bars.source.tolist(), bars.code.tolist()
        onsets = np.minimum(bars.onsets, FULLEST).tolist()
        self.full.setdefault(str(NEW), Counter()).update(onsets)
        age = 0
        for at in range(1, len(source)):
            before, now = source[at - 1], source[at]
            again = GO_ON if age and now == before + 1 else RETURN
            does = again if now >= 0 else FRESH
            for name in _runs(age, at, at - 1 - before):
                self.does.setdefault(name, Counter())[does] += 1
            if does == RETURN:
                self.back[min(at - now, FURTHEST)] += 1
                self.moved[int(bars.move[at])] += 1
            if now >= 0:
                for name in _behind(code[at - 1], at):
                    self.closely.setdefault(name, Counter())[code[at]] += 1
                self.full.setdefault(str(code[at]), Counter())[onsets[now]] += 1
            age = {FRESH: 0, GO_ON: age + 1, RETURN: 1}[does]

    def outcome(self, age: int, bars: int, back: int, rng: np.random.Generator) -> str:
        """Draw what the next bar does, behind `bars` of them.

        age: of which so many in a row have come back; back: from so many bars before, 1 or more.
        """
        outcomes = [FRESH, GO_ON, RETURN] if age else [FRESH, RETURN]
        return str(drawn(_shares(self.does, _runs(age, bars, back), outcomes), rng))

    def distance(
        self, onsets: Sequence[int], rng: np.random.Generator, fits: Sequence[float] | None = None
    ) -> int | None:
        """Draw how many bars back a return goes; None where none is that near, or fits.

        onsets: in the bars before, the last one last: the fuller ones come back less, or more;
        fits: how many times likelier each comes back besides, 0 for one that does not.
        """
        most = len(onsets)
        lift = self._lift(onsets)
        if fits is not None:
            lift = [one * other for one, other in zip(lift, fits, strict=True)]
        near = {
            far: met * lift[most - far] * (1.0 if far % PHRASE else ALIGNED)
            for far, met in self.back.items()
            if far <= most
        }
        return int(drawn(near, rng)) if sum(near.values()) else None

    def code(self, before: int, bars: int, onsets: int, rng: np.random.Generator) -> int:
        """Draw how closely a bar comes back behind one of code `before`.

        bars: that stand before it; onsets: in the bar that it comes back to.
        """
        codes = (LOOSE, CLOSE, EXACT)
        shares = _shares(self.closely, _behind(before, bars), codes)
        code = int(drawn({c: shares[c] * self._lift([onsets], c)[0] for c in codes}, rng))
        looser = self.looser and code > LOOSE and rng.random() < self.looser
        return code - 1 if looser else code

    def _lift(self, onsets: Sequence[int], code: int | None = None) -> list[float]:
        """How many times likelier bars with so many onsets come back, of `code` or of any."""
        every = self.full.get(str(NEW), Counter())
        returned: Counter[int] = Counter()
        for name in (LOOSE, CLOSE, EXACT) if code is None else (code,):
            returned.update(self.full.get(str(name), Counter()))
        whole, back = sum(every.values()), sum(returned.values())
        if not whole or not back:
            return [1.0] * len(onsets)
        ratio = whole / back
        met = [min(count, FULLEST) for count in onsets]
        return [(returned[n] * ratio + ENOUGH) / (every[n] + ENOUGH) for n in met]

    def closeness(self) -> float:
        """Share of the bars that come back which do so closely."""
        codes: Counter[int] = Counter()
        for before, met in self.closely.items():
            if before.isdigit():
                codes.update(met)
        return (codes[CLOSE] + codes[EXACT] + PRIOR) / (sum(codes.values()) + PRIOR)

    def move(self, rng: np.random.Generator) -> int:
        """Draw by which row of MOVES a bar is moved that returns."""
        return int(drawn(self.moved, rng)) if self.moved else 0


def _runs(age: int, bars: int, back: int) -> tuple[str, ...]:
    """What the outcome of a bar is counted by, from coarse to fine; see `Form.does`."""
    if not age:
        return "0", f"0.{_late(bars)}"
    run = f"{min(age, OLDEST_ALIGNED)}/{gcd(back, PHRASE)}"
    return str(min(age, OLDEST)), run, f"{run}.{_late(bars)}"


def _behind(code: int, bars: int) -> tuple[str, ...]:
    """What the code of a bar that comes back is counted by, from coarse to fine."""
    return str(code), f"{code}.{_late(bars)}"


def _late(bars: int) -> int:
    """How much of a piece stands before a bar."""
    return min(max(bars, 1).bit_length() - 1, LATEST)


def _shares(
    counted: Mapping[str, Mapping[Any, float]], names: Iterable[str], outcomes: Sequence[Any]
) -> dict[Any, float]:
    """How probable outcomes are: as those of the last name, the fewer the more as the one before's.

    A name that nothing was counted by says nothing.
    """
    shares = dict.fromkeys(outcomes, 1 / len(outcomes))
    weight = PRIOR * len(outcomes)
    for name in names:
        met = counted.get(name, {})
        counts = {outcome: met.get(outcome, 0) + weight * shares[outcome] for outcome in outcomes}
        whole = sum(counts.values())
        shares = {outcome: count / whole for outcome, count in counts.items()}
        weight = ENOUGH
    return shares
