"""Writes several pieces for each wanted mood side by side, and measures what moods they have.

python -m experiments.mood_held.together quadrants=FILE n=4 arms=[song,mood]

A fifth of the time of `measure`, and figures that chance moves less: each is the mean over the
variants, with the interval of moods drawn again. Where they lie tells what is missed: by mode, and
of each cue that the judge hears.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.measuring import measuring
from experiments.mood_held.wanted import Wanted, mode_of, rated, scored, with_intervals
from experiments.style_path.many import Song, songs_for, write
from mood2music.errors import SettingsError
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import ready
from mood2music.judge.cues import CUES, cues
from mood2music.judge.quadrants import QuadrantJudge
from mood2music.music.notes import Notes
from mood2music.style.networks import StyledNetwork, load_styled
from mood2music.style.settings import StyleSettings

ARMS = ("mood", "song")
WANTED = ["wanted_valence", "wanted_arousal"]
SCORED, RATED = ["valence", "arousal"], ["rated_valence", "rated_arousal"]


@dataclass
class Settings(Wanted):
    """As together.yaml says."""

    arms: list[str]
    n: int
    length: int
    guidance: float
    out: Path | None


@measuring
def main(settings: Settings) -> None:
    """Print wanted against measured, of the songs and of the pieces, and keep a row a piece."""
    if not set(settings.arms) <= set(ARMS):
        raise SettingsError(f"arms={settings.arms}: expected of {', '.join(ARMS)}")
    judge = QuadrantJudge.load(settings.quadrants)
    styled = load_styled("lstm", StyleSettings())
    found = songs_for(settings.points, styled)
    tables = [
        of_pieces(judge, found, written(settings, styled, found, arm)).assign(arm=arm)
        for arm in settings.arms
    ]
    print(told("the song found", of_pieces(judge, found, [song.notes for song in found])))
    for arm, table in zip(settings.arms, tables, strict=True):
        print(told(f"{arm}: a piece", table))
        if settings.n > 1:
            print(told(f"{arm}: best of {settings.n}", best(table)))
    where(tables[0])
    if settings.out is not None:
        pd.concat(tables).to_csv(settings.out, index=False)


def written(
    settings: Settings, styled: StyledNetwork, songs: Sequence[Song], arm: str
) -> list[Notes]:
    """Write the variants behind each song, one song's beside each other."""
    assert styled.form is not None
    alone = arm == "song"
    behind = [replace(song, played=not alone) for song in songs for _ in range(settings.n)]
    guidance = 0.0 if alone else settings.guidance
    writer = ready(styled.network, guidance, SamplerSettings().harmony)
    return write(writer, styled.form, behind, settings.length, hold_mode=0.0 if alone else 1.0)


def of_pieces(judge: QuadrantJudge, songs: Sequence[Song], pieces: Sequence[Notes]) -> pd.DataFrame:
    """A row a piece: what was wanted, what both judges find, and the cues that they hear."""
    n = len(pieces) // len(songs)
    rows = []
    for at, notes in enumerate(pieces):
        song = songs[at // n]
        moods = (song.mood.valence, song.mood.arousal, *scored(judge, notes), *rated(notes))
        rows.append(
            {
                "variant": at % n,
                "song": song.notes.title,
                "song_mode": song.passages.key.mode,
                **dict(zip((*WANTED, *SCORED, *RATED), moods, strict=True)),
                "mode": mode_of(notes),
                **dict(zip(CUES, cues(notes).tolist(), strict=True)),
            }
        )
    return pd.DataFrame(rows)


def best(table: pd.DataFrame) -> pd.DataFrame:
    """Of each mood the piece that the judge finds nearest that chooses."""
    off = np.hypot(*(table[RATED].to_numpy() - table[WANTED].to_numpy()).T)
    rows = off.reshape(-1, table["variant"].nunique()).argmin(axis=1)
    return table[table["variant"] == np.repeat(rows, table["variant"].nunique())].assign(variant=0)


def told(name: str, table: pd.DataFrame) -> str:
    """A line of figures with their intervals, by the judge that scores."""
    parts = [part for _, part in table.groupby("variant")]
    wanted = parts[0][WANTED].to_numpy(float)
    found = with_intervals(wanted, [part[SCORED].to_numpy(float) for part in parts])
    figures = ", ".join(
        f"{key} {value:.2f} [{low:.2f}, {high:.2f}]" for key, (value, low, high) in found.items()
    )
    return f"{name}: {figures}"


def where(table: pd.DataFrame) -> None:
    """Print where it is missed: by the song's mode, and how each cue follows valence."""
    for mode, part in table.groupby("song_mode"):
        mean = part.groupby(WANTED)[SCORED].mean()
        within = np.corrcoef(mean.index.get_level_values(0), mean["valence"])[0, 1]
        kept = (part["mode"] == mode).mean()
        print(f"{mode} songs: r of valence within {within:.2f}, {kept:.2f} stay {mode}")
    means = table.groupby(WANTED)[list(CUES)].mean()
    for axis, name in enumerate(SCORED):
        wanted = means.index.get_level_values(axis)
        slopes = {cue: np.polyfit(wanted, means[cue], 1)[0] for cue in CUES}
        rs = {cue: np.corrcoef(wanted, means[cue])[0, 1] for cue in CUES}
        told = ", ".join(f"{cue} {rs[cue]:+.2f} ({slopes[cue]:+.2f})" for cue in CUES)
        print(f"r (slope) of cues with the wanted {name}: {told}")


if __name__ == "__main__":
    main()
