"""Writes several pieces for each wanted mood side by side, and measures what moods they have.

python -m experiments.mood_held.together quadrants=FILE n=4

A fifth of the time of `measure`, and figures that chance moves less: each is the mean over the
variants. Where they lie tells what is missed: by mode, and of each cue that the judge hears.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.measuring import measuring
from experiments.mood_held.measure import figures, mode_of, spread_moods
from experiments.style_path.many import songs_for, write
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import ready
from mood2music.judge.cues import CUES, cues
from mood2music.judge.quadrants import QuadrantJudge
from mood2music.music.notes import Notes
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings


@dataclass
class Settings:
    """As together.yaml says."""

    quadrants: Path
    moods: int
    radius: float
    n: int
    length: int
    guidance: float
    out: Path | None


@measuring
def main(settings: Settings) -> None:
    """Print wanted against measured, of the songs and of the pieces, and keep a row a piece."""
    judge = QuadrantJudge.load(settings.quadrants)
    styled = load_styled("lstm", StyleSettings())
    assert styled.form is not None
    found = songs_for(spread_moods(settings.moods, settings.radius), styled)
    behind = [song for song in found for _ in range(settings.n)]
    writer = ready(styled.network, settings.guidance, SamplerSettings().harmony)
    pieces = write(writer, styled.form, behind, settings.length)

    def told(notes: Notes) -> dict[str, object]:
        heard = judge(notes)
        mood = {"valence": 2 * heard.pleasant - 1, "arousal": 2 * heard.excited - 1}
        measured = dict(zip(CUES, cues(notes).tolist(), strict=True))
        return {**mood, "mode": mode_of(notes), "tempo": notes.tempo, **measured}

    rows = [
        {
            "variant": at % settings.n,
            "wanted_valence": song.mood.valence,
            "wanted_arousal": song.mood.arousal,
            "song": song.notes.title,
            "song_mode": song.passages.key.mode,
            **told(piece),
        }
        for at, (song, piece) in enumerate(zip(behind, pieces, strict=True))
    ]
    table = pd.DataFrame(rows)
    wanted, heard = ["wanted_valence", "wanted_arousal"], ["valence", "arousal"]
    each = [
        figures(part[wanted].to_numpy(float), part[heard].to_numpy(float))
        for _, part in table.groupby("variant")
    ]
    print(pd.DataFrame(each).agg(["mean", "std"]).round(3).T.to_string())
    for mode, part in table.groupby("song_mode"):
        mean = part.groupby(wanted)[heard].mean()
        within = np.corrcoef(mean.index.get_level_values(0), mean["valence"])[0, 1]
        kept = (part["mode"] == mode).mean()
        print(f"{mode} songs: r of valence within {within:.2f}, {kept:.2f} stay {mode}")
    means = table.groupby(wanted)[list(CUES)].mean()
    rs = {cue: np.corrcoef(means.index.get_level_values(0), means[cue])[0, 1] for cue in CUES}
    print(", ".join(f"{cue} {r:+.2f}" for cue, r in rs.items()))
    if settings.out is not None:
        table.to_csv(settings.out, index=False)


if __name__ == "__main__":
    main()
