"""Learns when pieces of a style come back to an earlier bar, to which one, and how closely."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from mood2music.errors import CheckpointError
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE
from mood2music.generator.memory.returns import Bars

# What a bar does: brings new matter, goes on with the bar behind the last one that came back, or
# comes back to another.
FRESH, GO_ON, RETURN = "new", "goes_on", "returns"
# Bars in a row that came back before it, told apart up to so many.
OLDEST = 4
# Bars back that are told apart.
FURTHEST = 128
# Bars that every outcome counts beside those that were met.
PRIOR = 0.5


@dataclass
class Form:
    """Counts of what bars did, each behind the bar before it.

    does: by how many bars in a row had come back before ("0" to str(OLDEST)), how often each of
    FRESH, GO_ON, RETURN followed; back: bars between a bar and the one it returned to; closely: by
    the code of the bar before, NEW or a return's, the codes of bars that came back
    """

    does: dict[str, Counter[str]] = field(default_factory=dict)
    back: Counter[int] = field(default_factory=Counter)
    closely: dict[str, Counter[int]] = field(default_factory=dict)

    @classmethod
    def learn(cls, pieces: Iterable[Bars]) -> Self:
        """Count the bars of training pieces."""
        form = cls()
        for bars in pieces:
            form._count(bars)
        return form

    def _count(self, bars: Bars) -> None:
        source, code = bars.source.tolist(), bars.code.tolist()
        age = 0
        for at in range(1, len(source)):
            before, now = source[at - 1], source[at]
            again = GO_ON if age and now == before + 1 else RETURN
            does = again if now >= 0 else FRESH
            self.does.setdefault(str(min(age, OLDEST)), Counter())[does] += 1
            if does == RETURN:
                self.back[min(at - now, FURTHEST)] += 1
            if now >= 0:
                self.closely.setdefault(str(code[at - 1]), Counter())[code[at]] += 1
            age = {FRESH: 0, GO_ON: age + 1, RETURN: 1}[does]

    def outcome(self, age: int, rng: np.random.Generator) -> str:
        """Draw what the next bar does, `age` bars in a row having come back."""
        met = self.does.get(str(min(age, OLDEST)), Counter())
        outcomes = [FRESH, GO_ON, RETURN] if age else [FRESH, RETURN]
        return str(_drawn({name: met[name] + PRIOR for name in outcomes}, rng))

    def distance(self, most: int, rng: np.random.Generator) -> int | None:
        """Draw how many bars back a return goes, `most` at most; None where none is that near."""
        near = {far: met for far, met in self.back.items() if far <= most}
        return _drawn(near, rng) if near else None

    def code(self, before: int, rng: np.random.Generator) -> int:
        """Draw how closely a bar comes back behind one of code `before`."""
        met = self.closely.get(str(before), Counter())
        return int(_drawn({code: met[code] + PRIOR for code in (LOOSE, CLOSE, EXACT)}, rng))

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON has them."""
        return {
            "does": {age: dict(met) for age, met in sorted(self.does.items())},
            "back": {str(far): met for far, met in sorted(self.back.items())},
            "closely": {
                code: {str(of): met for of, met in sorted(codes.items())}
                for code, codes in sorted(self.closely.items())
            },
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gives. Raises CheckpointError for anything else."""
        try:
            return cls(
                {age: _counts(met, str) for age, met in told["does"].items()},
                _counts(told["back"], int),
                {code: _counts(met, int) for code, met in told["closely"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(f"a form that is none: {error}") from error


def blended(forms: Iterable[tuple[Form, float]]) -> Form:
    """Mix forms, each by its weight, whatever the number of bars it was learnt from."""
    mixed = Form()
    for form, weight in forms:
        bars = sum(sum(met.values()) for met in form.does.values())
        share = weight / bars if bars else 0.0
        for age, does in form.does.items():
            _add(mixed.does.setdefault(age, Counter()), does, share * 1e4)
        _add(mixed.back, form.back, share * 1e4)
        for code, codes in form.closely.items():
            _add(mixed.closely.setdefault(code, Counter()), codes, share * 1e4)
    return mixed


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
