"""Which notes of a piece that is there are a style's? The paper's figure 5, of a jazz piece.

python -m experiments.style_transfer.own_notes [style=jazz songs=[joplin/maple_leaf_rag]]
Writes own_notes.csv beside it, a row a song, and the pictures of the first song into `out`.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments.measuring import measuring, write_rows
from mood2music.catalog.music import read_song
from mood2music.catalog.nearest import find
from mood2music.catalog.open import CatalogSettings, open_catalog
from mood2music.generator.encoder import CONTEXT
from mood2music.judge.song_mood import song_mood
from mood2music.music.authors import Author
from mood2music.music.events import join, to_events, to_notes
from mood2music.music.key import find_key, result_key
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.render.run_folder import Rendered, write_run
from mood2music.render.settings import RenderSettings
from mood2music.style.authorship import note_authors, token_authors
from mood2music.style.networks import StyledNetwork, load_styled
from mood2music.style.settings import StyleSettings


@dataclass
class Settings:
    """songs: of the catalog, by id; style, model: shipped; events: read of each song; seed: of the
    draws; out: a folder for the pictures.
    """

    songs: list[str]
    style: str
    model: str
    events: int
    seed: int
    out: str


@measuring
def main(asked: Settings) -> None:
    """Let base and styled network read each song, and count the notes that are the style's."""
    styled = load_styled(asked.model, StyleSettings(asked.style))
    rows = []
    for number, song_id in enumerate(asked.songs):
        rng = np.random.default_rng(asked.seed)
        song = find(open_catalog(CatalogSettings(), label=song_mood), song_id)
        notes = replace(read_song(song, styled.grid), title=str(song))
        read = told(styled, notes, asked.events, rng)
        of_style = int((read.authors == Author.STYLE).sum())
        heard = int((read.authors != Author.SEED).sum())
        rows.append({
            "song": song_id, "song_style": song.style, "style": asked.style, "notes": heard,
            "of_style": of_style, "share": round(of_style / heard, 4),
        })  # fmt: skip
        if number == 0:
            settings = RenderSettings(score=["svg", "png"], sound="none")
            write_run(Path(asked.out), [read], settings)
    write_rows(Path(__file__).parent / "own_notes.csv", rows)
    for row in rows:
        print(*row.values())
    print(asked.out)


def told(styled: StyledNetwork, notes: Notes, count: int, rng: np.random.Generator) -> Rendered:
    """Tell the author of each note of a song; the first CONTEXT events are only read."""
    piece = quantize(notes, styled.divisors)
    key = find_key(piece)
    events = to_events(piece.transposed(key.to_c))[: CONTEXT + count]
    seed, rest = events[:CONTEXT], events[CONTEXT:]
    by_token = np.concatenate([
        np.full(len(seed.tokens), Author.SEED, np.uint8),
        token_authors(styled.unstyled, styled.network, seed, rest, rng),
    ])  # fmt: skip
    whole = replace(join([seed, rest]), meter=events.meter)
    key, shift = result_key(key, None)
    read = to_notes(whole, notes.tempo, notes.title).transposed(shift)
    return Rendered(read, key, note_authors(read, whole, by_token, shift))


if __name__ == "__main__":
    main()
