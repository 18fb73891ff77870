"""The whole flow: photo -> mood -> song -> seed -> network -> events -> files, one call a stage."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.command.settings import parse
from mood2music.files import facts, together
from mood2music.flow.request import GenerateSettings
from mood2music.flow.start import Report, Start, find_music, silent
from mood2music.music.authors import Author, count
from mood2music.music.key import Key, result_key
from mood2music.music.notes import Notes
from mood2music.music.seed import Passages, find_passages
from mood2music.version import __version__

if TYPE_CHECKING:
    from mood2music.generator.sampling.constraints import Constraints
    from mood2music.judge.trained_on import TrainedOn
    from mood2music.style.networks import StyledNetwork

# Events written, of how many.
Progress = Callable[[int, int], None]


@brief
@dataclass(frozen=True)
class Piece:
    """A piece as written, in its key; seed_end and sections in grid steps.

    authors: (n,) uint8, an Author a note; events: how many the network wrote; ended: whether it
    ended the piece before `length` of them.
    """

    notes: Notes
    authors: NDArray[np.uint8]
    key: Key
    seed_end: int
    sections: list[tuple[str, int]]
    events: int
    ended: bool


@brief
@dataclass(frozen=True)
class Composed:
    """What a request became: where it started from, the variants written, the manifest of both."""

    start: Start
    pieces: list[Piece]
    manifest: dict[str, Any]
    settings: GenerateSettings

    def write(self, folder: str | Path, wrote: Callable[[str], object] = str) -> Path:
        """Write a run's files into `folder`, all or none, and give the first piece's MIDI file.

        `wrote` is told each file's name; an exception from it ends the writing.
        """
        from mood2music.render.run_folder import MANIFEST, Rendered, write_run

        folder = Path(folder)
        styles = self.manifest["network"]["styles"]
        told = [f"{name} {strength:g}" for name, strength in styles.items() if strength]
        if (mood := self.start.mood) is not None:
            told.append(f"mood: valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}")
        rendered = [
            Rendered(p.notes, p.key, p.authors, p.sections, " · ".join(told)) for p in self.pieces
        ]
        with together(folder, last=MANIFEST) as unfinished:
            for name, write in self.start.pictures.items():
                write(unfinished / name)
            piece = write_run(unfinished, rendered, self.manifest, self.settings.render, wrote)
        return folder / piece.name


def generate(settings: GenerateSettings, folder: Path, report: Report = silent) -> Path:
    """Compose, write the files of the run into `folder` and give the first piece's MIDI file."""
    return compose(settings, report).write(folder)


def compose(
    settings: GenerateSettings, report: Report = silent, progress: Progress | None = None
) -> Composed:
    """Walk the flow and give what came of it as values; nothing is written.

    `report` is told what each stage chose, `progress` how many events are written, of how many;
    an exception from either ends the run. Raises a Mood2MusicError when an input or a setting
    cannot be used.
    """
    settings = parse(GenerateSettings, settings)
    settings.check_files()
    rng = np.random.default_rng(settings.seed)
    styled = load_network(settings, report)
    start = find_music(settings, styled.grid, rng, report)
    passages = take_seeds(start.notes, settings, styled.divisors, rng, report)
    trained_on = find_training(styled, settings)
    pieces = write_pieces(styled, passages, start, settings, rng, progress)
    manifest = describe(settings, start, styled, passages, trained_on, pieces)
    return Composed(start, pieces, manifest, settings)


def load_network(settings: GenerateSettings, report: Report) -> "StyledNetwork":
    """Load the base and blend the styles into it."""
    from mood2music.style.networks import load_styled

    style = settings.styled
    styled = load_styled(str(settings.model), style)
    mix = ", ".join(f"{name} {s:g}" for name, (_, s) in styled.styles.items())
    report(f"style  {mix or 'none'} ({styled.base.stem}, {style.method})")
    return styled


def take_seeds(
    notes: Notes,
    settings: GenerateSettings,
    divisors: list[int],
    rng: np.random.Generator,
    report: Report,
) -> Passages:
    """Take a seed from the song for each letter of the form, as the network was trained to read."""
    from mood2music.generator.form import parse_structure

    letters = {section.letter for section in parse_structure(settings.structure)}
    passages = find_passages(notes, settings.seed_len, max(1, len(letters)), divisors, rng)
    short = f", all of it: shorter than {settings.seed_len}"
    report(
        f"seed   {passages.length} events from event {passages.starts[0]} of "
        f"{len(passages.events)}{short if passages.length < settings.seed_len else ''}"
    )
    return passages


def find_training(styled: "StyledNetwork", settings: GenerateSettings) -> "TrainedOn":
    """Find the index of what the base and its styles were trained on, or why there is none."""
    from mood2music.generator.score import seen
    from mood2music.judge.trained_on import find_index
    from mood2music.learn.checkpoint import read_header

    styles = [path for path, strength in styled.styles.values() if strength]
    headers = [styled.header, *(read_header(path) for path in styles)]
    names = {name for header in headers for name in seen(header)}
    files = [styled.base, *styles]
    return find_index(settings.novelty.index, files, names, styled.grid, styled.divisors)


def write_pieces(
    styled: "StyledNetwork",
    passages: Passages,
    start: Start,
    settings: GenerateSettings,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> list[Piece]:
    """Let the network write what is allowed, and bring each variant to its key and tempo."""
    from mood2music.generator.form import parse_structure
    from mood2music.generator.sampling.continuation import one_thread
    from mood2music.generator.structure import Plan, write_sections
    from mood2music.music.events import join, to_notes
    from mood2music.style.authorship import note_authors, token_authors

    sections = parse_structure(settings.structure)
    key, shift = result_key(passages.key, settings.key)
    written = 0

    def wrote(events: int) -> None:
        nonlocal written
        written += events
        if progress is not None:
            progress(written, settings.length)

    with one_thread():
        structured = write_sections(
            styled.network,
            Plan(settings.length, sections, settings.n),
            passages.seed,
            settings.sampler,
            rng.spawn(1)[0],
            wrote,
            allowed(settings, key, shift),
        )
        written_by = [
            token_authors(styled.unstyled, styled.network, passages.seed(0), events, stream)
            for events, stream in zip(structured.variants, rng.spawn(settings.n), strict=True)
        ]
    styles = " and ".join(name for name, (_, strength) in styled.styles.items() if strength)
    title = f"{styles.capitalize() or 'Piece'} after {start.title}"
    pieces = []
    for events, written_by_network in zip(structured.variants, written_by, strict=True):
        opening = passages.seed(0) if settings.keep_seed else events[:0]
        whole = join([opening, events])
        # Steps of the notes, which start at the first event's place in the beat.
        skipped = whole.start - whole.start % whole.grid
        steps = np.concatenate([[whole.start], whole.ends()]) - skipped
        tempo = settings.tempo or start.notes.tempo
        notes = to_notes(whole, tempo, title).transposed(shift)
        by_token = np.concatenate(
            [np.full(len(opening.tokens), Author.SEED, np.uint8), written_by_network]
        )
        starts = [(name, int(steps[len(opening) + at])) for name, at in structured.starts]
        pieces.append(
            Piece(
                notes,
                note_authors(notes, whole, by_token, shift),
                key,
                int(steps[len(opening)]) if settings.keep_seed else 0,
                starts if sections else [],
                len(events),
                len(events) < settings.length,
            )
        )
    return pieces


def allowed(settings: GenerateSettings, key: Key, shift: int) -> "Constraints":
    """What may be written, in the network's key; `shift`: semitones from there to the result's."""
    from mood2music.generator.sampling.constraints import FREE, SCALES, Constraints

    low, high = FREE.low, FREE.high
    if settings.range is not None:
        low, high = (pitch - shift for pitch in settings.range)
    in_key = settings.key is not None if settings.in_key is None else settings.in_key
    return Constraints(
        low,
        high,
        SCALES[key.mode] if in_key else None,
        settings.polyphony or FREE.polyphony,
    )


def describe(
    settings: GenerateSettings,
    start: Start,
    styled: "StyledNetwork",
    passages: Passages,
    trained_on: "TrainedOn",
    pieces: list[Piece],
) -> dict[str, Any]:
    """Put together the manifest: what went in, what each stage made of it, what came out."""
    from mood2music.judge.mood import formula_mood
    from mood2music.judge.novelty import novelty
    from mood2music.judge.statistics import statistics
    from mood2music.render.soundfont import find_soundfont

    no_sound = settings.render.sound == "none"
    return {
        "mood2music": __version__,
        "settings": settings.as_told(),
        **start.how,
        "seed": {
            "key": passages.key.name,
            "starts": passages.starts,
            "events": passages.length,
            "of": len(passages.events),
        },
        "network": {
            "base": styled.base.name,
            "styles": {name: strength for name, (_, strength) in styled.styles.items()},
            "sha256": styled.checksums(),
        },
        "trained_on": trained_on.as_dict(),
        "soundfont": None if no_sound else facts(find_soundfont(settings.render.soundfont)),
        "pieces": [
            {
                "key": piece.key.name,
                "tempo": piece.notes.tempo,
                "grid": piece.notes.grid,
                "seed_end": piece.seed_end,
                "sections": piece.sections,
                "events": piece.events,
                "ended": piece.ended,
                "written_by": count(piece.authors),
                "mood_by_formula": asdict(formula_mood(piece.notes)),
                "statistics": asdict(statistics(piece.notes)),
                "novelty": None
                if trained_on.index is None
                else novelty(piece.notes, piece.seed_end, passages.events, trained_on.index),
            }
            for piece in pieces
        ],
    }
