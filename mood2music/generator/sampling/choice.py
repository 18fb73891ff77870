"""Draws one choice from logits and a random number: temperature, top-k and nucleus (top-p)."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.registry import find

PLACE = "sampler.guards"
# Below all logits, and above nothing, for rows without a choice.
LEAST_LOGIT, TINY = -1e30, np.float32(1e-30)


@dataclass
class SamplerSettings:
    """configs/generate/sampler/*.yaml.

    guidance: how strongly a wanted mood steers a network that reads moods: 1 as it was trained, 0
    not at all; harmony, texture: how strongly the song's chords and how full its bars are steer one
    that reads them, in the same way;
    temperature: above 1 bolder, below 1 safer, 0 always the likeliest: which pitches sound, not
    how many; rhythm: the same of how long what sounds lasts, where no choice is left out; top_k:
    keep the k likeliest (0: all); top_p: keep the smallest set with that probability (Holtzman et
    al. 2020).

    repetition_penalty: the odds of striking a pitch are divided by this for each of the last
    `penalty_window` events in which it was struck (1: off; after Keskar et al. 2019, who divide the
    logit, which depends on where the logits have their zero);
    no_repeat_ngram: so many events in order are written once only, the seed's included (0: off;
    Paulus et al. 2018);
    loop_run, loop_times: a run of `loop_run` or more events stands at most `loop_times` times in a
    row (loop_run=0: off);
    longest_hold: quarter notes that a pitch can sound without being struck anew (null: any);
    longest_rest: quarter notes that nothing may sound, but where a passage of the song rests that
    is quoted (null: any);
    end_of_piece: the network may end before `length`; else it writes exactly `length` events;
    guards: further ones that are registered, by name their settings, null for one to leave out.
    """

    temperature: float = 0.85
    rhythm: float = 0.8
    guidance: float = 1.5
    harmony: float = 1.0
    texture: float = 1.0
    top_k: int = 0
    top_p: float = 0.95
    repetition_penalty: float = 1.0
    penalty_window: int = 8
    no_repeat_ngram: int = 0
    loop_run: int = 4
    loop_times: int = 4
    longest_hold: float | None = 16.0
    longest_rest: float | None = 1.0
    end_of_piece: bool = False
    guards: dict[str, Any] | None = None

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        for name in ("temperature", "rhythm"):
            if not getattr(self, name) >= 0:
                raise SettingsError(f"sampler.{name}={getattr(self, name)}: expected 0 or more")
        for name in ("guidance", "harmony", "texture"):
            if not 0 <= getattr(self, name) <= 10:
                raise SettingsError(f"sampler.{name}={getattr(self, name):g}: expected 0 to 10")
        if self.top_k < 0:
            raise SettingsError(f"sampler.top_k={self.top_k}: expected 0 (all) or more")
        if not 0 < self.top_p <= 1:
            raise SettingsError(f"sampler.top_p={self.top_p}: expected above 0, at most 1")
        if not self.repetition_penalty >= 1:
            raise SettingsError(
                f"sampler.repetition_penalty={self.repetition_penalty}: expected 1 (off) or more"
            )
        for name, least in (("penalty_window", 1), ("loop_times", 1)):
            if getattr(self, name) < least:
                raise SettingsError(
                    f"sampler.{name}={getattr(self, name)}: expected {least} or more"
                )
        for name in ("no_repeat_ngram", "loop_run"):
            if getattr(self, name) < 0:
                raise SettingsError(
                    f"sampler.{name}={getattr(self, name)}: expected 0 (off) or more"
                )
        if self.longest_hold is not None and not self.longest_hold >= 0.25:
            raise SettingsError(
                f"sampler.longest_hold={self.longest_hold}: expected 0.25 quarter notes or more, "
                "or null for any"
            )
        if self.longest_rest is not None and not self.longest_rest >= 0:
            raise SettingsError(
                f"sampler.longest_rest={self.longest_rest}: expected 0 quarter notes or more, "
                "or null for any"
            )
        self.guarded()

    def of_rhythm(self) -> "SamplerSettings":
        """How the durations of what sounds are drawn: by the temperature `rhythm` alone.

        Where pitches are the likeliest, they are too.
        """
        if self.temperature == 0:
            return self
        return replace(self, temperature=self.rhythm, top_k=0, top_p=1.0)

    def guarded(self) -> dict[str, Any]:
        """Give the settings of each guard, by its name.

        Raises SettingsError for a name that nobody registered, and as `parse` does.
        """
        return {
            name: parse(find("guard", name, PLACE).settings, given, f"{PLACE}.{name}")
            for name, given in (self.guards or {}).items()
            if given is not None
        }


def keep_ends(logits: Floats, temperature: float) -> Floats:
    """Let the last choice, the end of a chord, keep its probability whatever the temperature.

    logits: (..., choices), changed in place. What is safer about a safer temperature is which
    notes sound, not how few: sharpened at each note, chords would end early.
    """
    if temperature in (0, 1) or logits.shape[-1] == 1:
        return logits
    end = logits[..., -1]
    others = logits[..., :-1]
    top = np.maximum(np.maximum.reduce(others, axis=-1), np.float32(LEAST_LOGIT))
    weights = others - top[..., None]
    plain = np.log(np.exp(weights).sum(-1) + TINY)
    weights /= np.float32(temperature)
    sharp = np.log(np.exp(weights).sum(-1) + TINY)
    # In units of what is divided by the temperature later on.
    logits[..., -1] = np.float32(temperature) * (end - top - plain + sharp) + top
    return logits


def choose(logits: Floats, settings: SamplerSettings, u: NDArray[np.float64]) -> NDArray[np.intp]:
    """Draw one index a row: (n,).

    logits: (n, choices), -inf where not allowed, something allowed in each row;
    u: (n,) in [0, 1): places on the kept choices, laid out from the likeliest down.
    """
    if len(logits) == 1:
        return np.array([choose_one(logits[0], settings, float(u[0]))])
    if settings.temperature == 0:
        return np.asarray(logits.argmax(1))
    falling = np.sort(-logits, axis=1)
    weights = falling[:, :1] - falling
    if settings.temperature != 1:
        weights /= np.float32(settings.temperature)
    sums = np.exp(weights, out=weights)[:, : settings.top_k or None].cumsum(1)
    # The nucleus ends where top_p of the sum is reached.
    rows = np.arange(len(logits))
    last = (sums >= np.float32(settings.top_p) * sums[:, -1:]).argmax(1)
    rank = (sums > (u * sums[rows, last])[:, None]).argmax(1)
    value = -falling[rows, rank]
    hit = logits == value[:, None]
    if np.count_nonzero(hit) > len(logits):  # equals: the one that stands as far behind the first
        nth = rank - (falling == -value[:, None]).argmax(1)
        hit = hit.cumsum(1) > nth[:, None]
    return np.asarray(hit.argmax(1))


def choose_one(logits: Floats, settings: SamplerSettings, u: float) -> int:
    """The same for one row, (choices,), without what arrays of rows cost."""
    likeliest = int(logits.argmax())
    if settings.temperature == 0:
        return likeliest
    weights = logits - logits[likeliest]
    if settings.temperature != 1:
        weights /= np.float32(settings.temperature)
    np.exp(weights, out=weights)
    total = np.add.reduce(weights)
    if settings.top_p * total <= 1 and not settings.top_k:  # the likeliest has weight 1
        return likeliest
    # All that weigh at most this lie outside the nucleus, even taken together.
    least = 0 if settings.top_k else (1 - settings.top_p) * total / len(weights)
    near = (weights > least).nonzero()[0]
    order = near[(-weights[near]).argsort(kind="stable")]
    if settings.top_k:
        order = order[: settings.top_k]
    sums = weights[order].cumsum()
    if settings.top_k:
        total = sums[-1]
    last = min(sums.searchsorted(np.float32(settings.top_p * total)), len(sums) - 1)
    rank = sums.searchsorted(np.float32(u * float(sums[last])), "right")
    return int(order[min(rank, last)])
