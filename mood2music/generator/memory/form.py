"""Learns when pieces of a style come back, to which bar or motif, how closely, and its chords."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import CheckpointError
from mood2music.generator.memory.bar_counts import BarCounts
from mood2music.generator.memory.counts import PRIOR
from mood2music.generator.memory.motif_counts import MotifCounts
from mood2music.generator.memory.motifs import Motifs
from mood2music.generator.memory.returns import Bars
from mood2music.music.changes import CODES, Changes
from mood2music.music.notes import GRID

# Counts of whatever is met; or by a name, those that were met behind it.
Table = dict[Any, Any]
# Bars that a blend of forms counts as if it were learnt from so many.
BARS = 1e4


@dataclass
class Form:
    """What was counted in pieces of a style: of their bars, of their motifs, of their chords.

    chords: by the code of a chord (see `music.changes`), the codes of those behind it
    """

    bars: BarCounts = field(default_factory=BarCounts)
    motifs: MotifCounts = field(default_factory=MotifCounts)
    chords: dict[str, Counter[int]] = field(default_factory=dict)

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
            form.bars.count(bars)
        for motifs, free in tunes:
            form.motifs.count(motifs, free, grid)
        for _, code in changes:
            for before, behind in pairwise(code.tolist()):
                form.chords.setdefault(str(before), Counter())[behind] += 1
        return form

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

    def tables(self) -> dict[str, Table]:
        """All counts, by the names that a checkpoint has for them."""
        bars, motifs = self.bars, self.motifs
        return {
            "tune": motifs.tune,
            "does": bars.does,
            "closely": bars.closely,
            "full": bars.full,
            "chords": self.chords,
            "back": bars.back,
            "moved": bars.moved,
            "far": motifs.far,
            "by": motifs.by,
            "long": motifs.long,
        }

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON has them."""
        return {name: _told(table) for name, table in self.tables().items()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gives, or gave before it told of moves, motifs, chords and onsets.

        Raises CheckpointError for anything else.
        """

        def numbers(name: str) -> Counter[int]:
            return _counts(told.get(name, {}), int)

        try:
            bars = BarCounts(
                does={age: _counts(met, str) for age, met in told["does"].items()},
                back=_counts(told["back"], int),
                closely={code: _counts(met, int) for code, met in told["closely"].items()},
                moved=numbers("moved"),
                full=_by_code(told.get("full", {})),
            )
            tune = _counts(told.get("tune", {}), str)
            motifs = MotifCounts(tune, numbers("far"), numbers("by"), numbers("long"))
            return cls(bars, motifs, _by_code(told.get("chords", {})))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(f"a form that is none: {error}") from error


def blended(forms: Iterable[tuple[Form, float]]) -> Form:
    """Mix forms, each by its weight, whatever the number of bars it was learnt from."""
    mixed = Form()
    for form, weight in forms:
        bars = sum(sum(met.values()) for age, met in form.bars.does.items() if age.isdigit())
        share = weight / bars * BARS if bars else 0.0
        for name, table in form.tables().items():
            _add(mixed.tables()[name], table, share)
    return mixed


def _add(to: Table, table: Table, share: float) -> None:
    """Add so much of what one table counted to another."""
    for name, met in table.items():
        if isinstance(met, Counter):
            _add(to.setdefault(name, Counter()), met, share)
        else:
            to[name] += met * share


def _told(table: Table) -> dict[str, Any]:
    """A table as JSON has it, by name."""
    return {
        str(name): _told(met) if isinstance(met, Counter) else met
        for name, met in sorted(table.items())
    }


def _by_code(told: Mapping[str, Any]) -> dict[str, Counter[int]]:
    return {str(int(code)): _counts(met, int) for code, met in told.items()}


def _counts(met: Mapping[str, Any], kind: type) -> Counter[Any]:
    counted: Counter[Any] = Counter()
    for name, times in met.items():
        counted[kind(name)] = float(times)  # type: ignore[assignment]
    return counted
