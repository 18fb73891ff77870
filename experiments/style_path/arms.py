"""Compares ways to be in between: blends of weights, of predictions, of data, and a style as input.

python -m experiments.style_path.arms music=FOLDER networks=FOLDER out=FOLDER
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import combinations
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.measuring import measuring
from experiments.style_path.controls import INCLUDE, MEMORY, settings_of
from experiments.style_path.many import (
    FIGURES,
    Song,
    drawn,
    either,
    judged,
    songs_of,
    steered,
    write,
)
from experiments.style_path.packed import unpack
from experiments.style_path.told import StyleTold, network_told
from experiments.style_path.units import SETS, joined, matched, matched_by_activity, permuted
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.memory.form import Form, blended
from mood2music.generator.memory.past import Past
from mood2music.generator.network import EventNetwork
from mood2music.generator.parts import included, select_parts
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.sampling.continuation import Writer
from mood2music.generator.score import BATCH, SCORING_CONTEXT, sample_events
from mood2music.generator.settings import NetworkSettings
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.style_judge import STYLES
from mood2music.store.event_store import PieceRow, Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.study.intervals import mean_of
from mood2music.style.blend import Weights, blend
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings

Row = dict[str, Any]
# Parts of a network, by the start of their weights' names: which of them carry style.
GATED = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
PARTS = {
    "vectors": ["before.", *(f"representation.{of}" for of in ("pitches", "time", "dynamics"))],
    "first layer": [f"encoder.lstm.{kind}_l0" for kind in GATED],
    "second layer": [f"encoder.lstm.{kind}_l1" for kind in GATED],
    "memory behind": ["behind."],
    "chord head": [f"representation.{of}" for of in ("context", "so_far", "out")],
    "other heads": ["representation.duration", "representation.level"],
}
WIDTH = 256
HALF = 0.5


@dataclass
class Settings:
    """See arms.yaml."""

    music: Path
    store: str | None
    networks: Path
    out: Path
    arms: list[str]
    styles: list[str]
    pieces: int
    length: int
    events: int
    strengths: list[float]
    shares: list[float]


@dataclass(frozen=True)
class Made:
    """A network to score, and what writes as it does; both of two where predictions are mixed."""

    network: EventNetwork
    second: EventNetwork | None = None
    share: float = 0.0

    def writer(self) -> Writer:
        """Ready to write."""
        if self.second is None:
            return steered(self.network)
        joint = joined(self.network, self.second, 0.5)
        return either(joint, self.network, self.second, self.share)


@dataclass(frozen=True)
class Point:
    """One place between networks.

    wanted: the styles that are judged; at: how far it is, as told; shares: of each style, for when
    a piece comes back to what was heard; heard: whether pieces are written, or loss alone measured.
    """

    arm: str
    wanted: tuple[str, ...]
    at: str
    shares: Mapping[str, float]
    made: Made
    heard: bool = True


@dataclass(frozen=True)
class Known:
    """All networks by name, the base's and the styles' forms, the store and what is known of it."""

    folder: Path
    base: EventNetwork
    forms: Mapping[str, Form]
    store: Store
    past: Past
    songs: Mapping[str, list[Song]]

    def weights(self, name: str) -> Weights:
        """Those of a fine-tune of the base."""
        own = self.base.state_dict()
        return unpack((self.folder / f"{name}.z").read_bytes(), own)

    def network(self, weights: Weights | str) -> EventNetwork:
        """One with the base's sizes."""
        found = deepcopy(self.base)
        found.load_state_dict(self.weights(weights) if isinstance(weights, str) else weights)
        return found.eval()

    def small(self, name: str) -> EventNetwork:
        """One that was trained from scratch, told moods as the shipped ones."""
        return small(self.folder / f"{name}.z", "rows")

    def style_told(self) -> StyleTold:
        """The one that is told styles."""
        told = StyleTold(deepcopy(self.base), len(STYLES))
        own = self.base.state_dict()
        told.load_state_dict(unpack((self.folder / "style_input.z").read_bytes(), own))
        return told.eval()

    def there(self, *names: str) -> bool:
        """Whether all of these were trained."""
        return all((self.folder / f"{name}.z").is_file() for name in names)


def small(path: Path, way: str) -> EventNetwork:
    """A network that was trained from scratch, told moods in some way."""
    size = {"hidden": WIDTH, "embedding": WIDTH, "dropout": 0.0, "layers": 2}
    found = network_told(NetworkSettings("lstm", "pitchwise", size, False, MEMORY, True), way)
    found.load_state_dict(unpack(path.read_bytes(), {}))
    return found.eval()


@measuring
def main(asked: Settings) -> None:
    """Measure each point that result.csv does not have yet, and add a row to it."""
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / "arms.csv"
    done = set()
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            done = {(row["arm"], row["wanted"], row["at"]) for row in csv.DictReader(file)}
    known = read(asked)
    scored: dict[str, Scored] = {}
    for arm in asked.arms:
        for point in tqdm(list(ARMS[arm](known, asked)), desc=arm):
            if (point.arm, "+".join(point.wanted), point.at) in done:
                continue
            row = measured(known, asked, point, scored)
            new = not path.is_file()
            with path.open("a", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(row))
                if new:
                    writer.writeheader()
                writer.writerow(row)
    print(path)


def wanted_of(styles: Sequence[str]) -> list[tuple[str, ...]]:
    """Each style, and each pair."""
    return [*((style,) for style in styles), *combinations(styles, 2)]


def read(asked: Settings) -> Known:
    """Read the store, the songs and the networks that all points share."""
    source = MusicSourceSettings(name="midi", root=str(asked.music), store=asked.store)
    store = prepare(source)
    styled = {style: load_styled("lstm", StyleSettings(style, 1.0)) for style in STYLES}
    base = styled["jazz"].unstyled
    assert base is not None
    forms = {style: one.form for style, one in styled.items() if one.form is not None}
    forms["base"] = Form.from_dict(styled["jazz"].header["form"])
    songs = {
        "+".join(wanted): songs_of(
            files(store, asked, [s for s in STYLES if s not in wanted]), styled["jazz"].divisors
        )
        for wanted in wanted_of(asked.styles)
    }
    past = past_of(base, store)
    assert past is not None
    return Known(asked.networks, base, forms, store, past, songs)


def unseen_songs(store: Store, style: str) -> list[PieceRow]:
    """Pieces of a style that no network learnt from, long enough for a seed."""
    return [
        row
        for part in ("val", "test")
        for row in select_parts(store, settings_of(style))[part]
        if row.events > 100 and row.file.endswith((".mid", ".midi"))
    ]


def files(store: Store, asked: Settings, styles: Sequence[str]) -> list[Path]:
    """Draw songs of styles, as many of each, of those that no network learnt from."""
    kinds = [unseen_songs(store, style) for style in styles]
    rows = drawn(kinds, asked.pieces, np.random.default_rng(1))
    return [asked.music / row.file for row in rows][: asked.pieces]


# --- what is measured at a point


@dataclass(frozen=True)
class Scored:
    """Held-out events: windows of SCORING_CONTEXT events and the one behind."""

    batches: list[EventBatch]


def measured(known: Known, asked: Settings, point: Point, scored: dict[str, Scored]) -> Row:
    """Write, judge and score one point."""
    songs = known.songs["+".join(point.wanted)] if point.heard else []
    rest = max(0.0, 1 - sum(point.shares.values()))
    form = blended(
        [
            (known.forms[style], min(share, 1.0))
            for style, share in point.shares.items()
            if share > 0
        ]
        + ([(known.forms["base"], rest)] if rest else [])
    )
    pieces = write(point.made.writer(), form, songs, asked.length) if point.heard else []
    told = judged(songs, pieces)
    row: Row = {"arm": point.arm, "wanted": "+".join(point.wanted), "at": point.at,
                "pieces": len(told)}  # fmt: skip
    bits = []
    for style in point.wanted:
        if style not in scored:
            scored[style] = held_out(known, style, asked.events)
        bits.append(bits_of(point.made, scored[style]))
    row["bits"] = round(float(np.mean(bits)), 3)
    for figure in FIGURES:
        found = mean_of([one[figure] for one in told])
        value = (None,) * 3 if found is None else (found.value, found.low, found.high)
        for name, one in zip(("", "_low", "_high"), value, strict=True):
            row[figure + name] = None if one is None else round(one, 3)
    return row


def held_out(known: Known, style: str, events: int) -> Scored:
    """Events of the test part of a style."""
    rows = select_parts(known.store, settings_of(style))["test"]
    rows = [row for row in rows if included(row, INCLUDE[style], [])]
    windows = Windows(known.store, rows, known.past)
    places = sample_events(windows, events, seed=0)
    return Scored(
        [
            windows.cut(part - SCORING_CONTEXT, part + 1)
            for part in (places[i : i + BATCH] for i in range(0, len(places), BATCH))
        ]
    )


@torch.inference_mode()
def bits_of(made: Made, scored: Scored) -> float:
    """Bits of chord and duration, the mean over events."""
    found = []
    for batch in scored.batches:
        nats = event_nats(made.network, batch)
        if made.second is not None:
            other = event_nats(made.second, batch)
            ways = torch.stack([log(1 - made.share) - nats, log(made.share) - other])
            nats = -ways.logsumexp(0)
        found.append(nats / log(2))
    return float(torch.cat(found).double().mean())


def event_nats(network: EventNetwork, batch: EventBatch) -> torch.Tensor:
    """Nats of the chord and duration of the last event of each window: (n,)."""
    nats = network.representation.nats(*network.predicted(batch, last=True))
    return nats.chords + nats.durations


@torch.inference_mode()
def activity(network: EventNetwork, scored: Scored) -> dict[str, NDArray[np.float32]]:
    """What each set of units does behind held-out events: (events, units) of each."""
    found: dict[str, list[torch.Tensor]] = {name: [] for name in SETS}
    heads = network.representation
    assert isinstance(heads, Pitchwise)
    lstm: Any = network.encoder.lstm
    for batch in scored.batches:
        read = batch.part(None, -1)
        vectors = network.embed(read)
        first = torch.nn.LSTM(lstm.input_size, lstm.hidden_size, batch_first=True)
        first.load_state_dict({n: w for n, w in lstm.state_dict().items() if n.endswith("_l0")})
        below = first(vectors)[0][:, -1]
        last = network.encoder(vectors)[:, -1]
        context = network.context(last, read.rows((slice(None), -1)))
        for name, what in (
            ("vector", vectors[:, -1]), ("first", below), ("second", context),
            ("chord", heads.context(context).relu()),
            ("duration", heads.duration.context(context).relu()),
            ("level", heads.level.context(context).relu()),
        ):  # fmt: skip
            found[name].append(what)
    return {name: torch.cat(parts).numpy() for name, parts in found.items()}


# --- the arms


def weights_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """Base + strength x (style - base): up to 1 the straight line between the two."""
    for style in asked.styles:
        own = {style: known.weights(style)}
        for strength in asked.strengths:
            mixed = blend(known.base.state_dict(), own, {style: strength})
            made = Made(known.network(mixed))
            yield Point("weights", (style,), f"{strength:g}", {style: strength}, made)


def spherical_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """Along the great circle, weight by weight."""
    for style in asked.styles:
        own = {style: known.weights(style)}
        for share in asked.shares:
            mixed = blend(known.base.state_dict(), own, {style: share}, "spherical")
            made = Made(known.network(mixed))
            heard = share == HALF
            yield Point("spherical", (style,), f"{share:g}", {style: share}, made, heard)


def layers_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """One part of the network from the style and the rest from the base, and the reverse."""
    for name, (rest, mine) in (("only", (0.0, 1.0)), ("all but", (1.0, 0.0))):
        for style in asked.styles:
            own = {style: known.weights(style)}
            for part, starts in PARTS.items():
                layers = {"": rest} | dict.fromkeys(starts, mine)
                mixed = blend(known.base.state_dict(), own, {style: 1.0}, layers=layers)
                made = Made(known.network(mixed))
                yield Point("layers", (style,), f"{name} {part}", {style: 1.0}, made)


def predictions_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """The mean of the two networks' logits, and of their probabilities, at each step."""
    for style in asked.styles:
        own = known.network(style)
        for share in asked.shares:
            made = Made(joined(known.base, own, share))
            yield Point("logits", (style,), f"{share:g}", {style: share}, made, share == HALF)
            made = Made(known.base, own, share)
            at = f"{share:g}"
            yield Point("probabilities", (style,), at, {style: share}, made, share == HALF)


def data_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """Networks that were fine-tuned on the style and on all music, half of each."""
    for style in asked.styles:
        if known.there(f"{style}+all"):
            made = Made(known.network(f"{style}+all"))
            yield Point("data", (style,), f"{HALF:g}", {style: HALF}, made)


def input_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """One network that is told the style, a vector of which is added `strength` times."""
    if not known.there("style_input"):
        return
    told = known.style_told()
    for style in asked.styles:
        for strength in (0.5, 1.0):
            made = Made(told.folded({STYLES.index(style): strength}))
            yield Point("input", (style,), f"{strength:g}", {style: strength}, made)


def wrong_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """Another style's network."""
    for style in asked.styles:
        for other in STYLES:
            if other != style:
                made = Made(known.network(other))
                yield Point("wrong", (style,), other, {other: 1.0}, made)


def shipped_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """The networks that ship, from strength 0 on."""
    for style in asked.styles:
        for strength in asked.strengths:
            found = load_styled("lstm", StyleSettings(style, strength))
            made = Made(found.network)
            yield Point("shipped", (style,), f"{strength:g}", {style: strength}, made)


def pairs_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """Two styles at once, behind songs of the third."""
    for pair in combinations(asked.styles, 2):
        own = {style: known.weights(style) for style in pair}
        for both in ((0.5, 0.5), (1.0, 1.0)):
            shares = dict(zip(pair, both, strict=True))
            mixed = blend(known.base.state_dict(), own, shares)
            at = "+".join(f"{share:g}" for share in both)
            yield Point("weights", pair, at, shares, Made(known.network(mixed)))
        half = dict.fromkeys(pair, 0.5)
        first, second = (known.network(style) for style in pair)
        made = Made(joined(first, second, HALF))
        yield Point("logits", pair, "0.5+0.5", half, made, heard=False)
        made = Made(first, second, HALF)
        yield Point("probabilities", pair, "0.5+0.5", half, made, heard=False)
        if known.there("+".join(pair)):
            made = Made(known.network("+".join(pair)))
            yield Point("data", pair, "0.5+0.5", half, made)
        if known.there("style_input"):
            told = {STYLES.index(style): 0.5 for style in pair}
            made = Made(known.style_told().folded(told))
            yield Point("input", pair, "0.5+0.5", half, made)


def apart_arm(known: Known, asked: Settings) -> Iterator[Point]:
    """From a base to a style's network that was not fine-tuned from it: as it is, and aligned."""
    for style in asked.styles:
        if not known.there("mood_rows", f"{style}_apart"):
            continue
        base, own = known.small("mood_rows"), known.small(f"{style}_apart")
        scored = held_out(known, style, 2048)
        by_weights = matched(own.state_dict(), base.state_dict(), np.random.default_rng(0))
        by_activity = matched_by_activity(activity(own, scored), activity(base, scored))
        ways = {
            "apart": own.state_dict(),
            "apart, aligned by weights": permuted(own.state_dict(), by_weights),
            "apart, aligned by activity": permuted(own.state_dict(), by_activity),
        }
        for name, weights in ways.items():
            for share in (0.0, *asked.shares, 1.0) if name == "apart" else asked.shares:
                network = deepcopy(base)
                mixed = blend(base.state_dict(), {style: weights}, {style: share}, "linear")
                network.load_state_dict(mixed)
                heard = share in (0.0, HALF, 1.0) and style == asked.styles[0]
                yield Point(name, (style,), f"{share:g}", {style: share}, Made(network), heard)
        made = Made(joined(base, own, HALF))
        heard = style == asked.styles[0]
        yield Point("apart, logits", (style,), f"{HALF:g}", {style: HALF}, made, heard)


ARMS: dict[str, Callable[[Known, Settings], Iterator[Point]]] = {
    "weights": weights_arm,
    "predictions": predictions_arm,
    "data": data_arm,
    "input": input_arm,
    "pairs": pairs_arm,
    "apart": apart_arm,
    "layers": layers_arm,
    "wrong": wrong_arm,
    "spherical": spherical_arm,
    "shipped": shipped_arm,
}


if __name__ == "__main__":
    main()
