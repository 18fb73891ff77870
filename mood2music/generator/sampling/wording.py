"""Contexts to chords drawn whole: how a network with a chord vocabulary is sampled, in numpy."""

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.chord import UNKNOWN, Chord
from mood2music.generator.embedding import PAD
from mood2music.generator.sampling.choice import Floats, SamplerSettings, choose
from mood2music.generator.sampling.drawing import Drawer, DrawnChords, as_array, probabilities
from mood2music.generator.sampling.forbidden import Path, by_chord, turn_away
from mood2music.generator.sampling.limits import Limits
from mood2music.generator.sampling.recurrence import product
from mood2music.music.events import SYMBOLS


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
