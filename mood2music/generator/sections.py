"""Learns which sections of a piece return, and draws the form of a new one: structure=learned.

A section is BARS bars; it returns an earlier one where most of its bars come back to bars that lie
equally far behind (`memory.returns`, a self-similarity of bars after Foote 1999). What comes next
is counted behind what came: whether the last section was a return, and how many letters there are.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

import numpy as np

from mood2music.errors import CheckpointError
from mood2music.files import PRETRAINED
from mood2music.generator.form import MOST_VARIED, VARIED, Section
from mood2music.generator.memory.kinds import CLOSE
from mood2music.generator.memory.returns import Bars

FILE = PRETRAINED / "sections.json"
# Bars of a section, two phrases of four.
BARS = 8
# Share of a section's bars that have to be like those of another for it to return.
MOST = 0.5
# What a section does: another time the last one, the first one, the one before the last, another
# that was heard, or new matter.
AGAIN, FIRST, BEFORE, OTHER, NEW = "again", "first", "before", "other", "new"
# Letters told apart; a piece has no more.
LETTERS = 4
MOST_LETTERS = 8
# Sections that every outcome counts beside those that were met.
PRIOR = 0.5


@dataclass
class Sections:
    """Counts of what sections did.

    does: by letters so far, LETTERS at most, and whether the last section was "new" or "back"
    ("2 new"), how often each outcome followed; numbers: of sections that returned, 1 for unchanged
    """

    does: dict[str, Counter[str]] = field(default_factory=dict)
    numbers: Counter[int] = field(default_factory=Counter)

    @classmethod
    def learn(cls, pieces: Iterable[Bars]) -> Self:
        """Count the sections of pieces."""
        counted = cls()
        for bars in pieces:
            counted._count(labels(bars))
        return counted

    def _count(self, sections: Sequence[tuple[int, int]]) -> None:
        heard: list[int] = []
        state = ""
        for letter, number in sections:
            new = letter not in heard
            if heard:
                does = NEW if new else next(n for n, of in _earlier(heard) if letter in of)
                self.does.setdefault(state, Counter())[does] += 1
            if not new:
                self.numbers[number] += 1
            heard.append(letter)
            state = _state(heard, new)

    def draw(self, count: int, rng: np.random.Generator) -> list[Section]:
        """Draw a form of so many sections."""
        heard = [0][:count]
        sections = [Section("A", 1)][:count]
        state = _state([0], True)
        while len(heard) < count:
            choices = dict(_earlier(heard))
            if len(set(heard)) < MOST_LETTERS:
                choices[NEW] = [max(heard) + 1]
            met = self.does.get(state, Counter())
            does = _drawn({name: met[name] + PRIOR for name in choices}, rng)
            letter = int(rng.choice(choices[does]))
            number = 1
            if does != NEW and self.numbers:
                number = int(_drawn(self.numbers, rng))
            heard.append(letter)
            sections.append(Section(chr(ord("A") + letter), number))
            state = _state(heard, does == NEW)
        return sections

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON has them."""
        return {
            "does": {state: dict(met) for state, met in sorted(self.does.items())},
            "numbers": {str(number): met for number, met in sorted(self.numbers.items())},
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gives. Raises CheckpointError for anything else."""
        try:
            does = {state: Counter(dict(met)) for state, met in told["does"].items()}
            numbers = {int(number): float(met) for number, met in told["numbers"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(f"a form of sections that is none: {error}") from error
        return cls(does, Counter(numbers))


def labels(bars: Bars) -> list[tuple[int, int]]:
    """Letter, 0 for A, and number of each section of a piece; a last one of less is left out.

    A section returns the one that most of its bars come back to, bar for bar; its number says how
    many of them are not close: see `form.Section`.
    """
    found: list[tuple[int, int]] = []
    letters = 0
    for first in range(0, len(bars.source) - BARS + 1, BARS):
        own = np.arange(first, first + BARS)
        source = bars.source[own]
        back = np.where((source >= 0) & (source < first), own - source, 0)
        lags = np.bincount(back)
        lags[0] = 0
        returns = back == lags.argmax() if lags.any() else np.zeros(BARS, bool)
        if returns.sum() >= MOST * BARS:
            of = int(np.bincount(source[returns] // BARS).argmax())
            varied = min(1 - (returns & (bars.code[own] >= CLOSE)).mean(), MOST_VARIED)
            found.append((found[of][0], 1 + round(float(varied) / VARIED)))
        else:
            found.append((letters, 1))
            letters += 1
    return found


def mixed(styles: Mapping[str, float]) -> Sections:
    """The shipped counts of styles, each by its strength; what is left of 1 is of all of them."""
    shipped = shipped_sections()
    weights = {name: weight for name, weight in styles.items() if name in shipped and weight > 0}
    weights["all"] = max(0.0, 1 - sum(weights.values()))
    result = Sections()
    for name, weight in weights.items():
        own = shipped[name]
        whole = sum(sum(met.values()) for met in own.does.values())
        for state, met in own.does.items():
            to = result.does.setdefault(state, Counter())
            for does, times in met.items():
                to[does] += times * weight * 1000 / whole  # type: ignore[assignment]
        for number, times in own.numbers.items():
            result.numbers[number] += times * weight * 1000 / whole  # type: ignore[assignment]
    return result


@cache
def shipped_sections() -> dict[str, Sections]:
    """The counts that ship, by style; "all" of all pieces."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: Sections.from_dict(own) for name, own in told["styles"].items()}


def _state(heard: Sequence[int], new: bool) -> str:
    return f"{min(len(set(heard)), LETTERS)} {'new' if new else 'back'}"


def _earlier(heard: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Letters that can return, by what that is called; each is under one name."""
    last = heard[-1]
    before = next((letter for letter in reversed(heard) if letter != last), last)
    parts = [(AGAIN, [last]), (FIRST, [0]), (BEFORE, [before]), (OTHER, sorted(set(heard)))]
    named: list[tuple[str, list[int]]] = []
    known: set[int] = set()
    for name, letters in parts:
        left = [letter for letter in letters if letter not in known]
        known.update(left)
        if left:
            named.append((name, left))
    return named


def _drawn(weights: Mapping[Any, float], rng: np.random.Generator) -> Any:
    names = list(weights)
    shares = np.array([weights[name] for name in names], np.float64)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]
