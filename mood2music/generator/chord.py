"""Predicts whole chords as words of a vocabulary, as in the paper; others it spells at a price."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.errors import SettingsError
from mood2music.generator.embedding import LevelMean, Time
from mood2music.generator.event_batch import PAD, EventBatch
from mood2music.generator.heads import DurationHead, LevelHead, Nats, at_least_float32
from mood2music.generator.representation import Representation
from mood2music.generator.settings import MusicModelSettings, NetworkSettings
from mood2music.music.events import END, SYMBOLS, Events

if TYPE_CHECKING:
    from mood2music.generator.sampling.drawing import Drawer

UNKNOWN = 0


class ChordVocabulary(nn.Module):
    """The commonest chords of the training pieces, word 0 standing for every other chord.

    A chord is its tokens (struck and held pitches) from the lowest up. Kept as tensors, so that
    it travels inside the checkpoint.
    """

    chords: Tensor
    spelling: Tensor

    def __init__(self, size: int, widest: int) -> None:
        """`size`: words; `widest`: pitches of the largest chord in it."""
        super().__init__()
        self.register_buffer("chords", torch.full((size, widest), PAD))
        # Nats of each symbol when a chord outside the vocabulary is spelled out, END included.
        self.register_buffer("spelling", torch.zeros(SYMBOLS))

    @classmethod
    def fit(cls, pieces: Sequence[Events], most: int, least: int = 2) -> "ChordVocabulary":
        """Count the chords of training pieces; keep the `most` commonest met `least` times.

        A rarer chord trains the unknown word: without any (least=1), a network learns that there
        is no chord it does not know, and pays without end for the first one.
        """
        counts: Counter[tuple[int, ...]] = Counter()
        for piece in pieces:
            counts.update(piece.chord(i) for i in range(len(piece)))
        kept = [chord for chord, times in counts.most_common(most) if times >= least]
        vocabulary = cls(len(kept) + 1, max([1, *map(len, kept)]))
        for word, chord in enumerate(kept, start=1):
            vocabulary.chords[word, : len(chord)] = torch.tensor(chord, dtype=torch.int64)
        symbols = torch.ones(SYMBOLS)
        for chord, times in counts.items():
            for token in (*chord, END):
                symbols[token] += times
        vocabulary.spelling = -(symbols / symbols.sum()).log()
        return vocabulary

    def words(self, tokens: Tensor) -> Tensor:
        """tokens: (n, pitches) padded with PAD -> (n,) words, UNKNOWN for what is not there."""
        known = _fingerprint(self.chords)
        known[UNKNOWN] = torch.iinfo(torch.int64).max
        ordered, order = known.sort()
        asked = _fingerprint(tokens)
        place = torch.searchsorted(ordered, asked).clamp(max=len(ordered) - 1)
        return torch.where(ordered[place] == asked, order[place], UNKNOWN)

    def nearest(self, tokens: Tensor) -> Tensor:
        """Words of the chords that share most tokens (Jaccard index); never UNKNOWN."""
        asked, known = _multi_hot(tokens), _multi_hot(self.chords[1:])
        shared = asked @ known.T
        union = asked.sum(1)[:, None] + known.sum(1) - shared
        return torch.where(union > 0, shared / union.clamp(min=1), 1.0).argmax(1) + 1

    def spelled(self, tokens: Tensor) -> Tensor:
        """Nats of spelling chords symbol by symbol, each by its frequency: (n,)."""
        each = self.spelling[tokens] * (tokens != PAD)
        return each.sum(1) + self.spelling[END]


class Chord(Representation):
    """One softmax over the chord vocabulary, then the duration given the chord."""

    whole_chords = True

    def __init__(self, embedding: int, hidden: int, vocabulary: ChordVocabulary) -> None:
        """`embedding`: width of an event's vector; `hidden`: width of the context."""
        super().__init__()
        self.vocabulary = vocabulary
        self.words = nn.Embedding(len(vocabulary.chords), embedding)
        self.time = Time(embedding)
        self.dynamics = LevelMean(embedding)
        self.out = nn.Linear(hidden, len(vocabulary.chords))
        self.duration = DurationHead(hidden)
        self.level = LevelHead(hidden)

    @classmethod
    def learn(cls, pieces: Sequence[Events], settings: MusicModelSettings) -> ChordVocabulary:
        """Count the chords of the training pieces."""
        return ChordVocabulary.fit(pieces, settings.chords, settings.chord_least)

    @classmethod
    def recall(cls, shape: Any) -> ChordVocabulary:
        """Make room for a vocabulary of (words, widest chord). Raises SettingsError for others."""
        if not (isinstance(shape, list) and len(shape) == 2 and all(map(_size, shape))):
            raise SettingsError("settings.vocabulary: expected its words and its widest chord")
        return ChordVocabulary(*shape)

    @classmethod
    def make(cls, settings: NetworkSettings, embedding: int, hidden: int, learnt: Any) -> Self:
        """Build it for a network. Raises SettingsError without a vocabulary."""
        if learnt is None:
            raise SettingsError(f"model.representation={settings.representation} has no vocabulary")
        return cls(embedding, hidden, learnt)

    def shape(self) -> list[int]:
        """Words and pitches of the widest chord."""
        return list(self.vocabulary.chords.shape)

    def fault(self) -> str:
        """Say so when the vocabulary has pitches outside the alphabet."""
        chords = self.vocabulary.chords
        inside = int(chords.min()) >= 0 and int(chords.max()) <= PAD
        return "" if inside else "chords of pitches that there are not"

    def drawer(self) -> "Drawer":
        """What draws words in numpy."""
        from mood2music.generator.sampling.chords import Worder

        return Worder(self)

    def embed(self, events: EventBatch) -> Tensor:
        """Vectors of events: (batch, time, embedding).

        A chord that is not in the vocabulary is read as the nearest one that is.
        """
        flat = events.tokens.reshape(-1, events.tokens.shape[-1])
        words = self.vocabulary.words(flat)
        unknown = words == UNKNOWN
        if bool(unknown.any()):
            words[unknown] = self.vocabulary.nearest(flat[unknown])
        chords = self.words(words).view(*events.durations.shape, -1)
        vectors: Tensor = chords + self.time(events) + self.dynamics(events.levels)
        return vectors

    def nats(
        self,
        context: Tensor,
        previous: Tensor,
        tokens: Tensor,
        durations: Tensor,
        levels: Tensor,
        scores: Tensor | None = None,
    ) -> Nats:
        """Negative log-likelihood of events, as `Pitchwise.nats`; `previous` plays no part.

        A chord outside the vocabulary costs the word UNKNOWN and its spelling, so that every
        chord has a probability (they sum to at most 1) and the figure compares with the pitchwise
        one.
        """
        return Nats(
            self._chord_nats(context, tokens),
            F.cross_entropy(self.duration(context, tokens), durations, reduction="none"),
            self.level.nats(context, tokens, levels),
        )

    @torch.no_grad()
    def right(self, context: Tensor, tokens: Tensor, durations: Tensor) -> tuple[Tensor, Tensor]:
        """Say of events whether their chord, and their duration, is the likeliest: (n,) bool each.

        The likeliest duration is that given the chord that is right. An unknown chord never is.
        """
        words = self.vocabulary.words(tokens)
        chords = (self.out(context).argmax(1) == words) & (words != UNKNOWN)
        return chords, self.duration(context, tokens).argmax(1) == durations

    def token_nats(
        self, context: Tensor, previous: Tensor, tokens: Tensor, scores: Tensor | None = None
    ) -> Tensor:
        """Negative log-likelihood of each pitch, which is that of its chord: (n, pitches).

        0 for PAD; the arguments are those of `nats`.
        """
        return self._chord_nats(context, tokens)[:, None] * (tokens != PAD)

    def _chord_nats(self, context: Tensor, tokens: Tensor) -> Tensor:
        words = self.vocabulary.words(tokens)
        chord = F.cross_entropy(at_least_float32(self.out(context)), words, reduction="none")
        return chord + self.vocabulary.spelled(tokens) * (words == UNKNOWN)


def _fingerprint(tokens: Tensor) -> Tensor:
    """A 62-bit polynomial hash of each row's tokens; PAD counts nothing: (n, pitches) -> (n,)."""
    value = torch.zeros(len(tokens), dtype=torch.int64, device=tokens.device)
    for place in range(tokens.shape[1]):
        token = tokens[:, place]
        mixed = (value * 6364136223846793005 + token + 1) & ((1 << 62) - 1)
        value = torch.where(token == PAD, value, mixed)
    return value


def _multi_hot(tokens: Tensor) -> Tensor:
    hot = torch.zeros(len(tokens), SYMBOLS, device=tokens.device)
    hot.scatter_(1, tokens, 1.0)
    hot[:, PAD] = 0.0
    return hot


def _size(value: Any) -> bool:
    """Whether a value is a whole number from 1 on that fits a tensor's shape."""
    return type(value) is int and 1 <= value < 1 << 31
