"""Writes the pieces of a run into its folder: music, score, sound, pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.files import atomically
from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.render.colours import COLOURS, as_hex
from mood2music.render.engraving import Heading
from mood2music.render.musicxml import notate, without_colours
from mood2music.render.performance import Performance, perform
from mood2music.render.pianoroll import write_pianoroll
from mood2music.render.programs import program_number
from mood2music.render.score import write_score
from mood2music.render.settings import RenderSettings
from mood2music.render.sound import write_sound
from mood2music.render.video import write_video


@dataclass(frozen=True)
class Rendered:
    """A piece to render.

    authors: (n,) uint8, an Author a note; sections: (name, grid step) of each part of the form;
    subtitle: what stands under the title of its score; chords: whether chord symbols stand above;
    style: the strongest, which says who plays and how, "" for none; seed: of how the player strays.
    """

    notes: Notes
    key: Key
    authors: NDArray[np.uint8]
    sections: Sequence[tuple[str, int]] = ()
    subtitle: str = ""
    chords: bool = False
    style: str = ""
    seed: int = 0

    def played(self, settings: RenderSettings) -> Performance:
        """Play it as MIDI file and sound hold it."""
        sections = [at for _, at in self.sections]
        return perform(self.notes, self.key, settings, self.style, self.seed, sections)


def write_run(
    folder: Path,
    pieces: Sequence[Rendered],
    settings: RenderSettings,
    wrote: Callable[[str], object] = lambda _: None,
) -> list[list[str]]:
    """Write the files of each variant, and give their names, the MIDI file first.

    piece.mid, piece.musicxml, pianoroll.png, score.svg and .png a page, piece.wav, piece.mp4, as
    `settings` ask. From the second variant on the names carry its number: piece_2.mid. A piece of
    rests alone has nothing to notate, draw or hear. `wrote` is told each file's name; an exception
    from it ends the writing. Sound comes first, of all pieces: who waits to hear one can, while the
    scores are engraved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marks = [f"_{i}" if i > 1 else "" for i in range(1, len(pieces) + 1)]
    written: list[list[str]] = []
    sounds: list[list[str]] = []
    for piece, mark in zip(pieces, marks, strict=True):
        written.append([f"piece{mark}.mid"])
        played = piece.played(settings)
        with atomically(folder / written[-1][0]) as unfinished:
            unfinished.write_bytes(played.midi())
        wrote(written[-1][0])
        sounds.append([])
        if len(piece.notes) and settings.sound != "none":
            sounds[-1].append(f"piece{mark}.{settings.sound}")
            write_sound(played, folder / sounds[-1][0], settings.soundfont)
            wrote(sounds[-1][0])
        if len(piece.notes) and settings.video:
            sounds[-1].append(f"piece{mark}.mp4")
            film = folder / sounds[-1][-1]
            write_video(piece.notes, piece.authors, played, film, settings.soundfont)
            wrote(film.name)
    for names, sound, piece, mark in zip(written, sounds, pieces, marks, strict=True):
        if len(piece.notes):
            names += [*_write_piece(folder, piece, mark, settings, wrote), *sound]
    return written


def _write_piece(
    folder: Path,
    piece: Rendered,
    mark: str,
    settings: RenderSettings,
    wrote: Callable[[str], object],
) -> list[str]:
    """Write all but the MIDI file and the sound, and give the names."""
    notes = piece.notes
    names = [f"piece{mark}.musicxml"]
    # Ordinary black needs no colour.
    colours = ["" if a == Author.BASE else as_hex(COLOURS[Author(a)]) for a in piece.authors]
    program = program_number(settings.program)
    title, _, origin = notes.title.partition(" · ")
    musicxml = notate(
        notes,
        piece.key,
        title,
        f"mood2music, after {origin}" if origin else "mood2music",
        program=program,
        colours=colours,
        sections=piece.sections,
        chords=piece.chords,
        kind=settings.score_kind,
    )
    with atomically(folder / names[0]) as unfinished:
        unfinished.write_bytes(without_colours(musicxml))
    wrote(names[0])
    if settings.roll:
        names.append(f"pianoroll{mark}.png")
        write_pianoroll(notes, folder / names[-1], piece.authors, piece.sections)
        wrote(names[-1])
    under = " · ".join(filter(None, (origin, piece.subtitle)))
    heading = Heading(title, under, legend(piece.authors))
    return [
        *names,
        *write_score(musicxml, folder, heading, settings.score, mark, settings.pages, wrote),
    ]


def legend(authors: NDArray[np.uint8]) -> list[tuple[str, str]]:
    """Name and colour of each author that the piece has; none where all is the base network's."""
    found = [author for author in Author if (authors == author).any()]
    if found == [Author.BASE]:
        return []
    return [(author.name.lower(), as_hex(COLOURS[author])) for author in found]
