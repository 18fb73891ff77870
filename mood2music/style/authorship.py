"""Tells who wrote each note of a piece, its seed, the base or the style, from the two networks.

At each place, behind the same music, the base draws beside the blended network so that both agree
as often as two such draws can (a maximal coupling: Thorisson 2000, "Coupling, Stationarity, and
Regeneration"): where the blended network wrote a pitch, the base writes it too with probability
min(1, p_base / p_blend). Where it does not, blending changed the pitch, and it is the style's.
Their expected number is the least that a comparison of the two networks, draw by draw, can give.
The probabilities are the networks' own, before temperature, top-p and the limits on what may be
written, and a network that recalls is not told where to return. With representation=chord they
are of whole chords.
"""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.generator.event_batch import NO_LEVEL
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.rereading import token_nats
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.knowing import Heard, Knowing
from mood2music.music.authors import Author
from mood2music.music.events import HELD, Events, join
from mood2music.music.notes import Notes, moved


def token_authors(
    base: EventNetwork | None,
    blended: EventNetwork,
    seed: Events,
    events: Events,
    rng: np.random.Generator,
    told: Told | None = None,
) -> NDArray[np.uint8]:
    """Tell the author of each token of `events`, read behind `seed`: (tokens,).

    In a piece of sections each new letter was written behind a seed of its own; here it is read
    behind what stands before it in the piece, by both networks alike.

    base: None where no style was blended in, and all is the base's. What is held is never the
    style's: it was struck before. told: what both were told of mood. Same networks, music and rng:
    same authors.
    """
    authors = np.full(len(events.tokens), Author.BASE, np.uint8)
    if base is None or not len(events):
        return authors
    piece = to_batch([join([seed, events])])
    if len(set(seed.levels.tolist())) < 2:
        # As in writing: a seed that is equally loud throughout says nothing of dynamics.
        piece.levels[:, : len(seed)] = NO_LEVEL
    if blended.behind is not None:
        whole = replace(join([seed, events]), meter=events.meter)
        heard = [Heard(told=told or Told())]
        piece = Knowing(blended.settings.memory, [whole], heard).of(piece, [whole])
    nats = [token_nats(network, piece, len(seed)) for network in (base, blended)]
    filled = torch.arange(nats[0].shape[1]) < torch.from_numpy(events.counts())[:, None]
    kept = (nats[1] - nats[0])[filled].double().exp().numpy()
    if blended.representation.whole_chords:
        numbers = rng.random(len(events)).repeat(events.counts())
    else:
        numbers = rng.random(len(events.tokens))
    authors[(numbers >= kept) & (events.tokens < HELD)] = Author.STYLE
    return authors


def note_authors(
    notes: Notes, whole: Events, authors: NDArray[np.uint8], shift: int
) -> NDArray[np.uint8]:
    """Bring authors from tokens to notes: (n,), in the order of `notes`.

    notes: `to_notes(whole).transposed(shift)`; authors: of each token of `whole`.
    """
    steps = np.concatenate([[whole.start], whole.ends()])[:-1] - whole.origin
    onset = np.repeat(steps, whole.counts()).tolist()
    pitch = moved(whole.tokens.astype(np.int64) % HELD, shift).tolist()
    by_place = dict(zip(zip(onset, pitch, strict=True), authors.tolist(), strict=True))
    places = zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True)
    return np.array([by_place[place] for place in places], np.uint8)
