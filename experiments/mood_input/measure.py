"""Compares ways to tell a network a mood: rows that are added, FiLM, a prefix.

python -m experiments.mood_input.measure music=FOLDER networks=FOLDER
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from experiments.measuring import measuring
from experiments.mood_held.wanted import figures, spread_moods
from experiments.style_path.arms import event_nats, small, unseen_songs
from experiments.style_path.controls import MEMORY, settings_of
from experiments.style_path.many import Song, drawn, songs_of, write
from experiments.style_path.told import MoodTold
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.past import Past
from mood2music.generator.moods import LOWEST, STEPS, WIDTH
from mood2music.generator.network import EventNetwork
from mood2music.generator.parts import select_parts
from mood2music.generator.sampling.continuation import Writer, ready
from mood2music.generator.score import BATCH, SCORING_CONTEXT, sample_events
from mood2music.generator.windows import Windows
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.style_judge import STYLES
from mood2music.mood import Mood
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings


@dataclass
class Settings:
    """As measure.yaml says."""

    music: Path
    store: str | None
    networks: Path
    ways: list[str]
    strengths: list[float]
    pieces: int
    length: int
    events: int
    radius: float


@measuring
def main(asked: Settings) -> None:
    """Score each network, let it write for the same moods, and keep the table in result.csv."""
    store = prepare(MusicSourceSettings(name="midi", root=str(asked.music), store=asked.store))
    past = Past(store, MEMORY, True, "rated")
    rows = select_parts(store, settings_of("all"))["test"]
    windows = Windows(store, rows, past)
    places = sample_events(windows, asked.events, seed=0)
    songs = songs_for(asked, store)
    form = Form.from_dict(load_styled("lstm", StyleSettings()).header["form"])
    wanted = np.array([[song.mood.valence, song.mood.arousal] for song in songs])
    told = []
    for way in asked.ways:
        network = small(asked.networks / f"mood_{way}.z", way)
        bits = [bits_of(network, windows, places, told=known) for known in (False, True)]
        for strength in asked.strengths if way != "none" else [1.0]:
            pieces = write(writer_of(network, strength), form, songs, asked.length)
            moods = [rated_mood(piece) for piece in pieces]
            heard = np.array([[mood.valence, mood.arousal] for mood in moods])
            far = np.hypot(*(wanted - heard).T).mean()
            row = {"way": way, "strength": strength, "bits_untold": bits[0], "bits_told": bits[1]}
            told.append(row | figures(wanted, heard) | {"distance": far})
            print(told[-1], flush=True)
    table = pd.DataFrame(told).drop(columns="quadrant").round(3)
    print(table.to_string(index=False))
    table.to_csv(Path(__file__).parent / "result.csv", index=False)


def songs_for(asked: Settings, store: Store) -> list[Song]:
    """Held-out songs of all styles in turn, each with a mood that is wanted of its piece."""
    rng = np.random.default_rng(2)
    kinds = [unseen_songs(store, style) for style in STYLES]
    found = [asked.music / row.file for row in drawn(kinds, asked.pieces, rng)]
    half = (STEPS - 1) * WIDTH / 2
    moods = [
        Mood(LOWEST.valence + half + mood.valence, LOWEST.arousal + half + mood.arousal)
        for mood in spread_moods(len(found), asked.radius)
    ]
    order = rng.permutation(len(found))
    return songs_of([found[i] for i in order], [4, 3], moods)


def writer_of(network: EventNetwork, strength: float) -> Writer | Callable[[Song], Writer]:
    """What writes as the network does, told a mood so strongly."""
    if not isinstance(network, MoodTold):
        return ready(network, strength)
    told = network

    def made(song: Song) -> Writer:
        return ready(told.folded(torch.from_numpy(song.told.codes(0)), strength))

    return made


@torch.inference_mode()
def bits_of(network: EventNetwork, windows: Windows, places: np.ndarray, told: bool) -> float:
    """Bits of chord and duration of held-out events, told their moods or not."""
    found = []
    for i in range(0, len(places), BATCH):
        part = places[i : i + BATCH]
        batch = windows.cut(part - SCORING_CONTEXT, part + 1, told=told)
        found.append(event_nats(network, batch) / log(2))
    return float(torch.cat(found).double().mean())


if __name__ == "__main__":
    main()
