"""Draws chords from a network's contexts: pitch by pitch, or whole words of a chord vocabulary."""

import numpy as np
from numpy.typing import NDArray
from torch import nn

from mood2music.arrays import Floats
from mood2music.generator.chord import UNKNOWN, Chord
from mood2music.generator.event_batch import PAD
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.sampling.choice import (
    LEAST_LOGIT,
    SamplerSettings,
    choose,
    choose_one,
    keep_ends,
)
from mood2music.generator.sampling.drawing import Drawer, DrawnChords, as_array, probabilities
from mood2music.generator.sampling.layers import product
from mood2music.generator.sampling.limits import Limits, Path, by_chord, turn_away
from mood2music.music.events import END, HELD, SYMBOLS

# Columns of the logits: each pitch struck and held, from the lowest up, then END; so what may
# follow a pitch is a slice. The column of END is END.
ORDER = np.append(np.arange(END).reshape(2, HELD).T, END)
COLUMN = ORDER.argsort()
PITCHES = np.append(np.arange(END) // 2, HELD)


class Speller(Drawer):
    """Draws chords from their lowest pitch up, each pitch struck or held, then END."""

    def __init__(self, head: Pitchwise) -> None:
        """Take the weights of `head`."""
        super().__init__([(head.context, head.so_far)], head.duration, head.level)
        own = head.out.weight if isinstance(head.out, nn.Linear) else head.pitches.weight
        self._out = as_array(own)[ORDER]
        self._out_bias = as_array(head.out.bias)[ORDER]
        self._so_far = np.ascontiguousarray(self.table[:, : self.own])

    def chords(
        self,
        state: Floats,
        context: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
    ) -> DrawnChords:
        """As `Drawer.chords`."""
        scores = self.scores(limits)
        paths = {
            row: self.paths(row, state[row], scores[row], limits, sampler)
            for row in limits.forbidden
        }
        if len(state) == 1:
            return self._one(state[0], scores[0], limits, sampler, u[0], paths)
        return self._several(state, scores, limits, sampler, u, paths)

    def scores(self, limits: Limits) -> Floats:
        """What every logit of a chord's symbols starts from, by column: (n, SYMBOLS)."""
        scores: Floats = limits.scores[:, ORDER] + self._out_bias
        return scores

    def _several(
        self,
        state: Floats,
        scores: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
        paths: dict[int, list[Path]],
    ) -> DrawnChords:
        columns, out = np.arange(len(ORDER)), self._out
        if not paths:  # what no row may draw, most of the held pitches, is left out
            columns = (np.maximum.reduce(scores, axis=0) > -np.inf).nonzero()[0]
            out, scores = out[columns], scores[:, columns]
        pitches, end = PITCHES[columns], len(columns) - 1
        most, sounding = limits.polyphony, limits.sounding()
        drawn = np.full((len(state), most + 1), end)
        own = state[:, : self.own].copy()
        rows, first, last = np.arange(len(state)), 0, np.full(len(state), -1)
        for place in range(most + 1):
            logits = product(np.maximum(own, 0), out[first:].T)
            logits += scores[:, first:]
            if place:
                np.putmask(logits, pitches[first:] <= last[:, None], -np.inf)
            elif sounding is not None:
                logits[sounding, -1] = LEAST_LOGIT
            logits = keep_ends(logits, sampler.temperature)
            for row, forbidden in paths.items():
                for i in (rows == row).nonzero()[0].tolist():
                    so_far = tuple(drawn[row, :place].tolist())
                    turn_away(logits[i], forbidden, so_far, sampler.temperature, first)
            column = choose(logits, sampler, u[rows, place])
            column += first
            drawn[rows, place] = column
            going = column < end
            if not going.all():
                rows, column, own, scores = rows[going], column[going], own[going], scores[going]
                if not len(rows):
                    break
            own += self._so_far[ORDER[columns[column]]]
            last = pitches[column] if place + 1 < most else np.full(len(rows), HELD - 1)
            first = int(pitches.searchsorted(last.min(), "right"))
        tokens = ORDER[columns[drawn[:, : place + 1]]]
        return DrawnChords(tokens, self.taken_in(state, tokens), paths)

    def _one(
        self,
        state: Floats,
        scores: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
        paths: dict[int, list[Path]],
    ) -> DrawnChords:
        """The same for one row, all without that axis: twice as quick, for one variant."""
        columns: list[int] = []
        first = 0
        sounding = limits.sounding()
        for number in u[: limits.polyphony].tolist():
            logits = self._out[first:] @ np.maximum(state[: self.own], 0)
            logits += scores[first:]
            if sounding is not None and not columns:
                logits[-1] = LEAST_LOGIT
            logits = keep_ends(logits, sampler.temperature)
            if paths:
                turn_away(logits, paths[0], tuple(columns), sampler.temperature, first)
            column = first + choose_one(logits, sampler, number)
            if column == END:
                break
            columns.append(column)
            first = column + 2 - column % 2
            state += self.table[ORDER[column]]
        return DrawnChords(ORDER[[[*columns, END]]], state[None], paths)

    def paths(
        self, row: int, state: Floats, scores: Floats, limits: Limits, sampler: SamplerSettings
    ) -> list[Path]:
        """Paths of a row's forbidden events; state: (width,), scores: (SYMBOLS,) by column."""
        paths = []
        for chord, steps in by_chord(limits.forbidden[row]).items():
            columns = COLUMN[[*chord, END]]
            tokens = np.array(chord, np.int64)
            states = np.concatenate([state[None], state + self.table[tokens].cumsum(0)])
            logits = np.maximum(states[:, : self.own], 0) @ self._out.T + scores
            logits[1:][tokens[:, None] % HELD >= PITCHES] = -np.inf
            logits[limits.polyphony :, :END] = -np.inf
            if (sounding := limits.sounding()) is not None and sounding[row]:
                logits[0, END] = LEAST_LOGIT
            logits = keep_ends(logits, sampler.temperature)
            each = probabilities(logits, sampler)[np.arange(len(columns)), columns]
            share = self.share_of(steps, chord, states[-1], limits, sampler, row)
            tail = np.append(each, share)[::-1].cumprod()[::-1]
            paths.append(Path(chord, tuple(columns.tolist()), steps, tail))
        return paths


class Worder(Drawer):
    """Draws one word of the chord vocabulary, never UNKNOWN."""

    def __init__(self, head: Chord) -> None:
        """Take the weights of `head`."""
        super().__init__([], head.duration, head.level)
        self._out = np.ascontiguousarray(as_array(head.out.weight).T)
        self._out_bias = as_array(head.out.bias)
        self._words = head.vocabulary.chords.numpy()
        there = self._words != PAD
        self._pitches = there.sum(1)
        self._has = np.zeros((SYMBOLS, len(self._words)), np.float32)
        self._has[self._words[there], there.nonzero()[0]] = 1
        chords = (tuple(word[word != PAD].tolist()) for word in self._words)
        self._index = {chord: i for i, chord in enumerate(chords) if i != UNKNOWN}

    def chords(
        self,
        state: Floats,
        context: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
    ) -> DrawnChords:
        """As `Drawer.chords`. Where the limits let no word through a rest is drawn."""
        logits = product(context, self._out)
        logits += self._out_bias
        shut = np.isneginf(limits.scores)
        logits += np.where(shut, np.float32(0), limits.scores) @ self._has
        logits[shut.astype(np.float32) @ self._has > 0] = -np.inf
        logits[:, self._pitches > limits.polyphony] = -np.inf
        logits[:, UNKNOWN] = -np.inf
        if (sounding := limits.sounding()) is not None:
            logits[np.ix_(sounding, self._pitches == 0)] = LEAST_LOGIT
        paths = {
            row: self._paths(row, state[row], logits[row], limits, sampler)
            for row in limits.forbidden
        }
        for row, forbidden in paths.items():
            turn_away(logits[row], forbidden, (), sampler.temperature)
        logits[np.isneginf(logits).all(1), UNKNOWN] = 0  # has no pitch, and so is drawn as a rest
        tokens = self._words[choose(logits, sampler, u[:, 0])]
        return DrawnChords(tokens, self.taken_in(state, tokens), paths)

    def _paths(
        self, row: int, state: Floats, logits: Floats, limits: Limits, sampler: SamplerSettings
    ) -> list[Path]:
        """Paths of a row's forbidden events, of one word each; state: (width,)."""
        paths = []
        for chord, steps in by_chord(limits.forbidden[row]).items():
            word = self._index.get(chord)
            if word is not None and np.isfinite(logits[word]):
                probability = float(probabilities(logits[None], sampler)[0, word])
                whole = state + self.table[list(chord)].sum(0)
                share = self.share_of(steps, chord, whole, limits, sampler, row)
                paths.append(Path(chord, (word,), steps, np.array([probability * share, share])))
        return paths
