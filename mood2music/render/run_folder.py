"""Writes the pieces of a run into its folder: music, score, sound, pictures."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.files import atomically
from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.music.tempo import Tempi
from mood2music.render.colours import COLOURS, as_hex
from mood2music.render.credits import with_fitting_title
from mood2music.render.engraving import Heading
from mood2music.render.loudness import Samples
from mood2music.render.musicxml import notate, without_colours
from mood2music.render.performance import Performance, perform
from mood2music.render.pianoroll import write_pianoroll
from mood2music.render.programs import program_number
from mood2music.render.ritardando import ritardando, tempi_of
from mood2music.render.score import write_score
from mood2music.render.settings import RenderSettings
from mood2music.render.sound import render_sound, write_samples
from mood2music.render.tempo_marks import tempo_marks
from mood2music.render.video import write_video


@dataclass(frozen=True)
class Rendered:
    """A piece to render.

    authors: (n,) uint8, an Author a note; sections: (name, grid step) of each part of the form;
    subtitle: what stands under the title of its score; chords: whether chord symbols stand above;
    style: whose idiom says who plays and how, "" for none; seed: of how the player strays; way,
    closes: as in `tempi_of`.
    """

    notes: Notes
    key: Key
    authors: NDArray[np.uint8]
    sections: Sequence[tuple[str, int]] = ()
    subtitle: str = ""
    chords: bool = False
    style: str = ""
    seed: int = 0
    way: Tempi = ()
    closes: bool = False

    def played(self, settings: RenderSettings) -> Performance:
        """Play it as MIDI file and sound hold it."""
        sections = [at for _, at in self.sections]
        return perform(
            self.notes,
            self.key,
            settings,
            self.style,
            self.seed,
            sections,
            self.way,
            self.closes,
        )

    def tempo_marks(self, settings: RenderSettings) -> list[tuple[int, float | str]]:
        """Give what its score says of tempi behind the first one, from their grid steps."""
        slower = ritardando(self.notes, settings, self.style) if self.closes else None
        return tempo_marks(self.way, None if slower is None else slower[0])

    def tempi(self, settings: RenderSettings) -> Tempi:
        """Give the tempi that it is played in, from its grid steps."""
        return tempi_of(self.notes, settings, self.style, self.way, self.closes)


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
    from it ends the writing. Sounds are encoded beside the scores, one after another, and told when
    they are there: who waits to hear one can, while the others are made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marks = [f"_{i}" if i > 1 else "" for i in range(1, len(pieces) + 1)]
    written: list[list[str]] = []
    # The encoders and ffmpeg leave the interpreter to the engraving. What makes the samples does
    # not, and would keep both waiting in turn.
    player = ThreadPoolExecutor(1)
    sounding: list[tuple[list[str], Future[None]]] = []

    def tell(name: str) -> None:
        for sound in list(sounding):
            if not sound[1].done():
                break
            sounding.remove(sound)
            sound[1].result()
            for heard in sound[0]:
                wrote(heard)
        if name:
            wrote(name)

    try:
        for piece, mark in zip(pieces, marks, strict=True):
            played = piece.played(settings)
            names = [f"piece{mark}.mid"]
            with atomically(folder / names[0]) as unfinished:
                unfinished.write_bytes(played.midi())
            tell(names[0])
            sound = _sounds(piece, mark, settings)
            if sound:
                heard = None
                if settings.sound != "none":
                    heard = render_sound(played, settings.soundfont, room=settings.room)
                made = player.submit(_play, folder, piece, played, heard, sound, settings)
                sounding.append((sound, made))
            if len(piece.notes):
                names += _write_piece(folder, piece, mark, settings, tell)
            written.append([*names, *sound])
        for _, made in list(sounding):
            wait([made])
            tell("")
    finally:
        player.shutdown(cancel_futures=True)
    return written


def _sounds(piece: Rendered, mark: str, settings: RenderSettings) -> list[str]:
    """Name the files in which a piece is heard."""
    if not len(piece.notes):
        return []
    sound = [] if settings.sound == "none" else [f"piece{mark}.{settings.sound}"]
    return [*sound, f"piece{mark}.mp4"] if settings.video else sound


def _play(
    folder: Path,
    piece: Rendered,
    played: Performance,
    samples: Samples | None,
    names: list[str],
    settings: RenderSettings,
) -> None:
    """Write the files in which a piece is heard; a film has the sound that is there already."""
    heard: Path | None = None
    for name in names:
        if name.endswith(".mp4"):
            font, room = settings.soundfont, settings.room
            write_video(piece.notes, piece.authors, played, folder / name, font, heard, room)
        else:
            assert samples is not None
            heard = folder / name
            write_samples(samples, heard)


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
        notes.with_tempo(piece.tempi(settings)[0][1]),
        piece.key,
        title,
        f"mood2music, after {origin}" if origin else "mood2music",
        program=program,
        colours=colours,
        sections=piece.sections,
        chords=piece.chords,
        kind=settings.score_kind,
        tempi=piece.tempo_marks(settings),
    )
    with atomically(folder / names[0]) as unfinished:
        unfinished.write_bytes(with_fitting_title(without_colours(musicxml)))
    wrote(names[0])
    if settings.roll:
        names.append(f"pianoroll{mark}.png")
        tempi = piece.tempi(settings)
        write_pianoroll(notes, folder / names[-1], piece.authors, piece.sections, tempi=tempi)
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
