"""Knows of every event of a store what is recalled behind it, its place in the bar, its mood."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.arrays import Ints
from mood2music.generator.event_batch import PAD, Recalled, bar_codes
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.kinds import CLOSE, IN_RHYTHM, MELODY, MOTIF, MOVED, POINTED, SAME
from mood2music.generator.memory.matches import (
    Flat,
    Matches,
    MelodyMatches,
    melody_matches,
    moved_matches,
    same_matches,
    tune_of,
    until_next,
)
from mood2music.generator.memory.motifs import Motifs, motifs_of
from mood2music.generator.memory.moves import MOVES
from mood2music.generator.memory.returns import Bars, bars_of, pointed
from mood2music.generator.moods import labels
from mood2music.music.changes import Changes, changes_of
from mood2music.music.events import HELD, LONGEST
from mood2music.music.texture import Textures, textures_of
from mood2music.store.event_store import PieceRow, Store

# Tokens, durations and codes.
Part = tuple[Ints, Ints, Ints]


class Past:
    """What stands behind each of a store's n events, the whole of its piece being known so far.

    bars, moods, harmony, texture: (n, 2), (n, 4), (n, 2) and (n, 2), as in EventBatch, None where
    nobody asks.
    Takes some seconds for two million; the first reading of moods some minutes.
    """

    def __init__(
        self,
        store: Store,
        memory: Sequence[str],
        bars: bool,
        mood: str | None = None,
        harmony: bool = False,
        texture: bool = False,
    ) -> None:
        """memory: the kinds that are asked for, in the order in which `recalled` gives them.

        mood: the judge that reads moods, None for none; harmony, texture: whether chords are asked
        for, and how full bars are.
        """
        self.moods = None if mood is None else labels(store, mood)
        self._store, self._memory = store, list(memory)
        self._changes = (
            {r.first: changes_of(store.piece(r)) for r in store.pieces} if harmony else {}
        )
        self.harmony = self._told(lambda row: self._changes[row.first]) if harmony else None
        self.texture = self._told(lambda row: textures_of(store.piece(row))) if texture else None
        self.points = POINTED in memory
        steps = np.cumsum(store.durations, dtype=np.int64)
        # What lies between the pieces, where some of a store's are left out, is taken for pieces.
        edges = [0, *(edge for row in store.pieces for edge in (row.first, row.first + row.events))]
        first = np.unique(np.array(edges, np.int64))
        first = first[first < len(steps)]
        self._flat = Flat(
            np.asarray(store.tokens), np.asarray(store.offsets), np.asarray(store.durations), first
        )
        events = np.diff(np.append(first, len(steps)))
        self.ends = steps - np.repeat(np.where(first > 0, steps[first - 1], 0), events)
        found = store.bar_places()
        place, length = found[0].astype(np.int64), found[1].astype(np.int64)
        self.bars = bar_codes(place, length, found[2], store.about["grid"]) if bars else None
        self._matches: dict[str, Matches | MelodyMatches] = {}
        if SAME in memory:
            self._matches[SAME] = same_matches(self._flat)
        if MOVED in memory:
            self._matches[MOVED] = moved_matches(self._flat)
        if MELODY in memory:
            self._matches[MELODY] = melody_matches(self._flat)
        self._bars: dict[int, Bars] = {}
        self._tunes: dict[int, tuple[Motifs, NDArray[np.bool_]]] = {}
        if POINTED in memory:
            self._matches[POINTED] = self._pointed(place, length)
            self._motifs = self._played_again(self._matches[POINTED].code)

    def form(self, rows: Sequence[PieceRow]) -> Form:
        """Learn when these pieces come back to earlier bars; of "pointed" memory only."""
        known = [row.first for row in rows if row.first in self._bars]
        tunes = (self._tunes[first] for first in known if first in self._tunes)
        bars = (self._bars[first] for first in known)
        changes = (self._changes[row.first] for row in rows if row.first in self._changes)
        return Form.learn(bars, tunes, self._store.about["grid"], changes)

    def bars_by_piece(self, rows: Iterable[PieceRow]) -> list[Bars]:
        """Tell which bars of these pieces come back; of "pointed" memory only."""
        return [self._bars[row.first] for row in rows if row.first in self._bars]

    def recalled(
        self, index: Ints, real: NDArray[np.bool_], points: NDArray[np.bool_]
    ) -> Recalled | None:
        """What is recalled behind events.

        index: (batch, time) in the store; real: (batch, time), where there is an event;
        points: (batch,), whether it is pointed where the bars come back.
        """
        if not self._memory:
            return None
        parts = [self._of(kind, index, real, points) for kind in self._memory]
        widest = max(tokens.shape[-1] for tokens, _, _ in parts)
        tokens = np.full((*index.shape, len(parts), widest), PAD)
        for kind, (part, _, _) in enumerate(parts):
            tokens[:, :, kind, : part.shape[-1]] = part
        durations = np.stack([part for _, part, _ in parts], -1)
        codes = np.stack([part for _, _, part in parts], -1)
        return Recalled(*map(torch.from_numpy, (tokens, durations, codes)))

    def _told(self, of: Callable[[PieceRow], Changes | Textures]) -> NDArray[np.uint8]:
        """What is told behind each event of the next one, of each piece: (n, 2)."""
        found = np.zeros((len(self._store.durations), 2), np.uint8)
        for row in self._store.pieces:
            ends = self._store.piece(row).ends()
            found[row.first : row.first + row.events] = of(row).told(ends)
        return found

    def _of(
        self, kind: str, index: Ints, real: NDArray[np.bool_], points: NDArray[np.bool_]
    ) -> Part:
        """Tokens (batch, time, pitches), durations and codes (batch, time) of one kind."""
        shown = real & points[:, None] if kind == POINTED else real
        found = self._matches[kind]
        if isinstance(found, MelodyMatches):
            return self._note(found, index, shown)
        tokens, durations, codes = self._event(found, index, shown, kind == POINTED)
        if kind == POINTED:
            pitch, due, motif = self._note(self._motifs, index, shown)
            here = motif > 0
            tokens[here] = PAD
            tokens[..., :1][here] = pitch[here]
            durations = np.where(here, np.where(motif == IN_RHYTHM, due, 0), durations)
            codes = np.where(here, motif, codes)
        return tokens, durations, codes

    def _note(self, found: MelodyMatches, index: Ints, shown: NDArray[np.bool_]) -> Part:
        codes = np.where(shown, found.code[index], 0).astype(np.int64)
        tokens = np.where(codes > 0, found.pitch[index], PAD).astype(np.int64)[..., None]
        left = np.clip(found.due[index] - self.ends[index], 0, LONGEST)
        return tokens, np.where(codes > 0, left, 0), codes

    def _event(self, found: Matches, index: Ints, shown: NDArray[np.bool_], moves: bool) -> Part:
        """moves: whether the shift is a row of MOVES, and no number of semitones."""
        codes = np.where(shown, found.code[index], 0).astype(np.int64)
        there = (codes > 0) & (found.event[index] >= 0)
        event = np.where(there, found.event[index], 0)
        low, high = self._flat.offsets[event], self._flat.offsets[event + 1]
        place = np.arange(max(1, int(((high - low) * there).max())))
        filled = there[..., None] & (place < (high - low)[..., None])
        at = np.where(filled, low[..., None] + place, 0)
        moved = self._flat.tokens[at].astype(np.int64)
        shift = found.shift[index][..., None]
        pitch = MOVES[shift, moved % HELD] if moves else moved % HELD + shift
        filled &= (pitch >= 0) & (pitch < HELD)
        tokens = np.where(filled, pitch + moved // HELD * HELD, PAD)
        durations = np.where(there, self._flat.durations[event], 0).astype(np.int64)
        return tokens, durations, codes

    def _pointed(self, place: Ints, length: Ints) -> Matches:
        """What stands where each event's follower is due in the bar that its own comes back to."""
        n = len(self.ends)
        event, code = np.full(n, -1), np.zeros(n, np.uint8)
        move = np.zeros(n, np.int16)
        struck = self._flat.tokens < HELD
        for row in self._store.pieces:
            here = slice(row.first, row.first + row.events - 1)
            if row.events < 2:
                continue
            # The second event on: what is recalled behind an event is of the next one.
            begin = self.ends[here]
            bar = begin - place[here]
            low = self._flat.offsets[row.first + 1 : row.first + row.events + 1]
            strikes = np.flatnonzero(struck[low[0] : low[-1]])
            of = np.searchsorted(low - low[0], strikes, "right") - 1
            pitch = self._flat.tokens[low[0] + strikes].astype(np.int64)
            bars = bars_of(begin, bar, length[here], of, pitch)
            self._bars[row.first] = bars
            found, code[here], move[here] = pointed(begin, bar, bars)
            event[here] = np.where(found >= 0, found + row.first + 1, -1)
        return Matches(event, move, code)

    def _played_again(self, bars: NDArray[np.uint8]) -> MelodyMatches:
        """The next note of a motif that is played again, in bars that are close to no earlier one.

        bars: (n,), the codes of `_pointed`.
        """
        tune = tune_of(self._flat)
        sought, due = np.full(len(tune.event), -1), np.zeros(len(tune.event), np.int64)
        code = np.full(len(tune.event), MOTIF, np.uint8)
        edges = np.searchsorted(tune.piece, np.arange(len(self._flat.first) + 1))
        for first, low, high in zip(self._flat.first, edges[:-1], edges[1:], strict=True):
            if int(first) not in self._bars:
                continue
            own = slice(low, high)
            motifs = motifs_of(tune.pitch[own], tune.onset[own])
            # In the bar of a note: the code behind the event before it. The first event has none.
            free = bars[np.maximum(tune.event[own] - 1, first)] < CLOSE
            self._tunes[int(first)] = motifs, free
            again = np.flatnonzero(motifs.source[1:] >= 0)
            sought[low + again] = motifs.pitch[again + 1]
            code[low + again] = np.where(motifs.kept[again + 1], IN_RHYTHM, MOTIF)
            there = motifs.source[again + 1]
            lasts = motifs.onset[there] - motifs.onset[there - 1]
            due[low + again] = motifs.onset[again] + lasts
        found = until_next(self._flat, tune._replace(pitch=sought, onset=due), code)
        # Behind an event that the next bar begins at, the pointer is that bar's.
        closed = bars >= CLOSE
        return found._replace(code=np.where(closed, 0, found.code).astype(np.uint8))
