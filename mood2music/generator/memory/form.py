"""Learns when pieces of a style come back, to which bar or motif, how closely, and its chords."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import gcd
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import CheckpointError
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.motifs import INTERVALS, Motifs
from mood2music.generator.memory.returns import Bars
from mood2music.music.changes import CODES, Changes
from mood2music.music.notes import GRID

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
# Notes of a motif that are told apart.
LONGEST_MOTIF = 32
# Bars that every outcome counts beside those that were met.
PRIOR = 0.5
# Bars that stand as late count as much as all others together when there are so many of them.
ENOUGH = 30.0
# Onsets in a bar that are told apart.
FULLEST = 16


# The counters of whole numbers, and those that there is one of by a name.
COUNTED = ("back", "moved", "far", "by", "long")
NAMED = ("does", "closely", "full", "chords")


class Candidates(NamedTuple):
    """Earlier notes that a motif may come back from, (n,) each.

    back: notes of the tune since; by: semitones from there to here; aligned: whether they stand at
    the same place in the quarter note
    """

    back: NDArray[np.int64]
    by: NDArray[np.int64]
    aligned: NDArray[np.bool_]


@dataclass
class Form:
    """Counts of what bars did, each behind the bar before it.

    does: by how many bars in a row had come back before ("0" to str(OLDEST)), by that and the
    greatest common divisor of PHRASE and how many bars back they came from ("2/4"), and by how many
    bars stand before too ("0.3", "2/4.3": 8 to 15 of them), how often each of FRESH, GO_ON, RETURN
    followed; back: bars between a bar and the one it returned to; closely: by
    the code of the bar before, NEW or a return's, and by that and how many bars stand before, the
    codes of bars that came back; moved: by which row of MOVES bars are moved that return
    tune: of notes in bars that are close to none before, "new", "begins": how many begin a motif
    that comes back, "kept": how many of these keep its rhythm, "aligned": how many stand at the
    place in the quarter note where it stood; far: by how many notes of the tune it comes back, the
    power of two below; by: by how many semitones; long: notes of it behind the first
    full: by the code of bars that came back, how many onsets there were in the bars that they came
    back to, and by that of NEW in any bar
    chords: by the code of a chord (see `music.changes`), the codes of those behind it
    looser: share of the closer returns that are asked for one step more loosely, where a network
    plays them more exactly than pieces have them; it is not counted, nor told by `as_dict`
    """

    does: dict[str, Counter[str]] = field(default_factory=dict)
    back: Counter[int] = field(default_factory=Counter)
    closely: dict[str, Counter[int]] = field(default_factory=dict)
    moved: Counter[int] = field(default_factory=Counter)
    tune: Counter[str] = field(default_factory=Counter)
    far: Counter[int] = field(default_factory=Counter)
    by: Counter[int] = field(default_factory=Counter)
    long: Counter[int] = field(default_factory=Counter)
    full: dict[str, Counter[int]] = field(default_factory=dict)
    chords: dict[str, Counter[int]] = field(default_factory=dict)
    looser: float = field(default=0.0, init=False)

    @classmethod
    def learn(
        cls,
        pieces: Iterable[Bars],
        tunes: Iterable[tuple[Motifs, NDArray[np.bool_]]] = (),
        grid: int = GRID,
        changes: Iterable[Changes] = (),
    ) -> Self:
        """Count the bars, the tunes and the chords of training pieces.

        tunes: with each note, whether its bar is close to none before; grid: steps in a quarter.
        """
        form = cls()
        for bars in pieces:
            form._count(bars)
        for motifs, free in tunes:
            form._count_tune(motifs, free, grid)
        for _, code in changes:
            for before, behind in pairwise(code.tolist()):
                form.chords.setdefault(str(before), Counter())[behind] += 1
        return form

    def _count_tune(self, motifs: Motifs, free: NDArray[np.bool_], grid: int) -> None:
        pitch, onset = motifs.pitch, motifs.onset
        at = np.flatnonzero(motifs.begins & free)
        there = motifs.source[at + 1] - 1
        # A motif's notes go on until one is new or plays another one on.
        links = np.diff(motifs.source) != 1
        breaks = np.append(np.flatnonzero(links | motifs.begins[:-1]), len(pitch) - 1)
        ends = breaks[np.searchsorted(breaks, at + 1)]
        open_notes = free & (motifs.source < 0)
        self.tune["new"] += int(open_notes.sum())
        self.tune["begins"] += len(at)
        self.tune["kept"] += int(motifs.kept[at + 1].sum())
        self.tune["aligned"] += int(((onset[at] - onset[there]) % grid == 0).sum())
        self.far.update(np.log2(at - there).astype(int).tolist())
        self.by.update(np.clip(pitch[at] - pitch[there], -12, 12).tolist())
        self.long.update(np.minimum(ends - at, LONGEST_MOTIF).tolist())

    def _count(self, bars: Bars) -> None:
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
        return str(_drawn(_shares(self.does, _runs(age, bars, back), outcomes), rng))

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
        return int(_drawn(near, rng)) if sum(near.values()) else None

    def code(self, before: int, bars: int, onsets: int, rng: np.random.Generator) -> int:
        """Draw how closely a bar comes back behind one of code `before`.

        bars: that stand before it; onsets: in the bar that it comes back to.
        """
        codes = (LOOSE, CLOSE, EXACT)
        shares = _shares(self.closely, _behind(before, bars), codes)
        drawn = int(_drawn({c: shares[c] * self._lift([onsets], c)[0] for c in codes}, rng))
        looser = self.looser and drawn > LOOSE and rng.random() < self.looser
        return drawn - 1 if looser else drawn

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
        return int(_drawn(self.moved, rng)) if self.moved else 0

    def follows(self) -> NDArray[np.float64] | None:
        """How probably each chord is followed by each, (CODES - 1, CODES - 1); None: not known.

        One that never followed another does so as probably as PRIOR of one that is as common.
        """
        if not self.chords:
            return None
        counts = np.zeros((CODES, CODES))
        for before, met in self.chords.items():
            counts[int(before), list(met)] = list(met.values())
        counts = counts[1:, 1:]
        common = (counts.sum(0) + PRIOR) / (counts.sum() + PRIOR * len(counts))
        rows = counts + PRIOR * common
        found: NDArray[np.float64] = rows / rows.sum(1, keepdims=True)
        return found

    def begins(self, rng: np.random.Generator) -> bool:
        """Draw whether a motif comes back from a note of the tune on that goes on with none."""
        return bool(rng.random() * max(self.tune["new"], 1) < self.tune["begins"])

    def motif(self, candidates: Candidates, rng: np.random.Generator) -> int | None:
        """Draw which earlier note a motif comes back from; None where none comes back that way."""
        far = np.log2(np.maximum(candidates.back, 1)).astype(int)
        weights = np.array([self.by[by] for by in candidates.by.tolist()], np.float64)
        weights *= np.array([self.far[f] / 2.0**f for f in far.tolist()])
        aligned = (self.tune["aligned"] + PRIOR) / (self.tune["begins"] + 2 * PRIOR)
        weights *= np.where(candidates.aligned, aligned, 1 - aligned)
        if not weights.sum():
            return None
        return int(rng.choice(len(weights), p=weights / weights.sum()))

    def length(self, rng: np.random.Generator) -> tuple[int, bool]:
        """Draw how many notes behind the first a motif has, and whether it keeps its rhythm."""
        kept = rng.random() * max(self.tune["begins"], 1) < self.tune["kept"]
        return (int(_drawn(self.long, rng)) if self.long else INTERVALS), bool(kept)

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON has them."""
        return {
            "tune": dict(self.tune),
            **{
                counted: {code: _texts(met) for code, met in sorted(getattr(self, counted).items())}
                for counted in NAMED
            },
            **{name: _texts(getattr(self, name)) for name in COUNTED},
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gives, or gave before it told of moves, motifs, chords and onsets.

        Raises CheckpointError for anything else.
        """
        try:
            return cls(
                does={age: _counts(met, str) for age, met in told["does"].items()},
                closely={code: _counts(met, int) for code, met in told["closely"].items()},
                tune=_counts(told.get("tune", {}), str),
                back=_counts(told["back"], int),
                full=_by_code(told.get("full", {})),
                chords=_by_code(told.get("chords", {})),
                **{name: _counts(told.get(name, {}), int) for name in COUNTED if name != "back"},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(f"a form that is none: {error}") from error


def blended(forms: Iterable[tuple[Form, float]]) -> Form:
    """Mix forms, each by its weight, whatever the number of bars it was learnt from."""
    mixed = Form()
    for form, weight in forms:
        bars = sum(sum(met.values()) for age, met in form.does.items() if age.isdigit())
        share = weight / bars if bars else 0.0
        for counted in NAMED:
            for name, met in getattr(form, counted).items():
                _add(getattr(mixed, counted).setdefault(name, Counter()), met, share * 1e4)
        _add(mixed.tune, form.tune, share * 1e4)
        for name in COUNTED:
            _add(getattr(mixed, name), getattr(form, name), share * 1e4)
    return mixed


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


def _by_code(told: Mapping[str, Any]) -> dict[str, Counter[int]]:
    return {str(int(code)): _counts(met, int) for code, met in told.items()}


def _texts(met: Counter[int]) -> dict[str, Any]:
    return {str(name): times for name, times in sorted(met.items())}


def _add(to: Counter[Any], met: Mapping[Any, float], share: float) -> None:
    for name, times in met.items():
        to[name] += times * share  # type: ignore[assignment]


def _counts(met: Mapping[str, Any], kind: type) -> Counter[Any]:
    counted: Counter[Any] = Counter()
    for name, times in met.items():
        counted[kind(name)] = float(times)  # type: ignore[assignment]
    return counted


def _drawn(weights: Mapping[Any, float], rng: np.random.Generator) -> Any:
    names = list(weights)
    shares = np.array([weights[name] for name in names], np.float64)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]
