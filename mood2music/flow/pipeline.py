"""Runs the flow, a call a stage: photo -> mood -> song -> seed -> network -> events -> files."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mood2music.brief import brief
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.files import facts, together
from mood2music.flow.manifest import Manifest, NetworkTold, PieceTold, SeedTold
from mood2music.flow.matching import Picked, expressed, mean_of, nearest_to, towards, with_tempo_of
from mood2music.flow.photo import Portrait, Report, read_photo, silent
from mood2music.flow.request import GenerateSettings, SeedSettings
from mood2music.flow.rewriting import around, rewrite_pieces
from mood2music.flow.song import Start, find_song, take_moods
from mood2music.flow.writing import Piece, Progress, Watch, with_form, write_pieces
from mood2music.judge.song_mood import song_mood
from mood2music.mood import Mood
from mood2music.music.authors import count
from mood2music.music.key import Key, find_key
from mood2music.music.notes import Notes
from mood2music.music.seed import Passages, find_passages
from mood2music.render.settings import RenderSettings

if TYPE_CHECKING:
    from mood2music.judge.trained_on import TrainedOn
    from mood2music.render.performance import Performance
    from mood2music.render.run_folder import Rendered
    from mood2music.style.networks import StyledNetwork
    from mood2music.style.settings import StyleSettings

MANIFEST = "run.json"


@brief
@dataclass(frozen=True)
class Composed:
    """What a request became: where it started from, the variants written, the manifest of both.

    portrait: what the photo gave, None where none was read.
    """

    start: Start
    pieces: list[Piece]
    manifest: Manifest
    render: RenderSettings
    portrait: Portrait | None = None

    def write(
        self, folder: str | Path, wrote: Callable[[Path], object] = lambda _: None
    ) -> "Written":
        """Write a run's files into `folder`, all or none; run.json, which names them, comes last.

        `wrote` is told each file, where it lies until all are there; an exception from it ends the
        writing.
        """
        from mood2music.render.run_folder import write_run

        folder = Path(folder)
        rendered = self.rendered()
        with together(folder, last=MANIFEST) as unfinished:
            for name, write in self.portrait.pictures.items() if self.portrait else ():
                write(unfinished / name)
            names = write_run(
                unfinished, rendered, self.render, lambda name: wrote(unfinished / name)
            )
            manifest = self.manifest.with_files(names)
            write_manifest(unfinished / MANIFEST, manifest)
        return Written(folder, manifest)

    def rendered(self) -> "list[Rendered]":
        """What of each variant is drawn and played."""
        from mood2music.render.run_folder import Rendered

        styles = self.manifest.network.styles
        told = [f"{name} {strength:g}" for name, strength in styles.items() if strength]
        if (mood := self.start.mood) is not None:
            told.append(f"mood: valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}")
        # What players of these styles read by.
        chords = any(styles.get(name, 0) for name in ("jazz", "pop"))
        style = max((name for name in styles if styles[name]), key=styles.__getitem__, default="")
        seed = self.manifest.settings["seed"]
        return [
            Rendered(
                p.notes, p.key, p.authors, p.sections, " · ".join(told), chords, style, seed + i
            )
            for i, p in enumerate(self.pieces)
        ]

    def played(self, piece: int = 0) -> "Performance":
        """Give a variant as MIDI file and sound have it: in swing, with a band, by `render`."""
        return self.rendered()[piece].played(self.render)


@brief
@dataclass(frozen=True)
class Written:
    """A run in its folder; its manifest names the files."""

    folder: Path
    manifest: Manifest

    def files(self, piece: int = 0) -> list[Path]:
        """Files of a variant, counted from 0, the MIDI file first."""
        return [self.folder / name for name in self.manifest.pieces[piece].files]


def generate(settings: GenerateSettings, folder: Path, report: Report = silent) -> Path:
    """Compose, write the files of the run into `folder` and give the first piece's MIDI file."""
    return compose(settings, report).write(folder).files()[0]


def compose(
    settings: GenerateSettings,
    report: Report = silent,
    progress: Progress | None = None,
    learning: Progress | None = None,
    watch: Watch | None = None,
) -> Composed:
    """Walk the flow and give what came of it as values; nothing is written.

    `report` is told what each stage chose, `progress` how many events are written, of how many,
    `learning` how many steps are done, of how many at most, where a style is learnt, `watch` what
    the variants of a new piece are by now; an exception from any ends the run. Raises a
    Mood2MusicError when an input or a setting cannot be used.
    """
    settings = parse(GenerateSettings, settings)
    settings.check_files()
    rng = np.random.default_rng(settings.seed)
    portrait = read_photo(settings.photo_settings, report) if settings.reads_photo else None
    style = with_own_style(str(settings.model), settings.styled, report, learning)
    styled = load_network(str(settings.model), style, report)
    moods = [portrait.mood] if portrait else take_moods(settings.mood_asked, report)
    first = moods[0] if moods else None
    start = find_song(settings.song_settings, first, styled.grid, rng, report)
    asked = settings.writing_settings
    own = start.notes
    key = find_key(own)  # of the tune: what is put under it is coloured by the style
    kept = asked.rewrite is not None  # bars that stay are played as they are
    heard = asked.keep_seed or kept
    start = with_accompaniment(start, settings.accompany, styled, report, heard)
    if asked.learned:
        asked = with_form(asked, styled.strengths(), start.notes, rng)
        report(f"form   {' '.join(map(str, asked.sections))}")
    seeds = SeedSettings(settings.seed_len, max(1, len({s.letter for s in asked.sections})))
    tell = report if asked.rewrite is None else silent
    passages = take_seeds(start.notes, seeds, styled.divisors, rng, tell, key)
    trained_on = find_training(styled, settings.novelty.index)
    check_metric(settings.metric, trained_on)
    mood = song_mood(own)
    way = towards(moods or [mood], settings.goal)
    played = way if settings.expression == "mood" and (moods or len(way) > 1) and not kept else []
    writing = with_tempo_of(asked, played, start.notes)
    if asked.rewrite is not None:
        passages, follows = around(passages, asked.rewrite)
        report(
            f"bars   {asked.rewrite[0]} to {asked.rewrite[1]} anew, behind {passages.length} "
            f"events and before {len(follows)} that are kept"
        )
        pieces = rewrite_pieces(styled, passages, follows, writing, start.notes, rng, progress)
    else:
        seen = None
        if watch is not None:
            seen = partial(watch_played, watch, lambda piece: expressed(piece, played, asked))
        pieces = write_pieces(
            styled, passages, writing, start.notes, start.title, rng, progress, way, seen
        )
    pieces = [expressed(piece, played, asked) for piece in pieces]
    pieces, picked = pick(pieces, settings.pick, way, report)
    manifest = Manifest(
        settings.as_told(),
        source_of(portrait, start, mood, way),
        SeedTold(passages.key.name, passages.starts, passages.length, len(passages.events)),
        NetworkTold(styled.base.name, styled.strengths(), styled.checksums()),
        trained_on.as_dict(),
        facts_of_sound(settings.render),
        measure(pieces, mean_of(way), passages, trained_on),
        picked,
    )
    return Composed(start, pieces, manifest, settings.render, portrait)


def watch_played(
    watch: Watch, play: Callable[[Piece], Piece], new: Callable[[], list[Piece]]
) -> None:
    """Let `watch` see pieces as they are written as they will be played."""
    watch(lambda: [play(piece) for piece in new()])


def pick(
    pieces: list[Piece], by: str | None, way: list[Mood], report: Report
) -> tuple[list[Piece], Picked | None]:
    """Keep the variant nearest to a mood, or to several on their way, when asked to."""
    if by is None:
        return pieces, None
    picked = nearest_to(way, pieces)
    report(
        f"picked variant {picked.variant + 1} of {picked.of}, "
        f"{picked.distances[picked.variant]:.2f} from the mood"
    )
    return [pieces[picked.variant]], picked


def with_own_style(
    model: str, style: "StyleSettings", report: Report, progress: Progress | None = None
) -> "StyleSettings":
    """Learn the style of the music that `style.from` names, where it names any, and put it there.

    What was learnt once is found again. Its file is written to style.save too.
    """
    if style.source is None:
        return style
    from mood2music.style.own import Learning, keep, learn_style
    from mood2music.style.shipped import locate

    learning = Learning(rehearsal=style.rehearsal, minutes=style.minutes)
    learnt = learn_style(style.source, locate(model), learning, progress, report)
    report(f"style  {style.own_name} {learnt}")
    if style.save is not None:
        keep(learnt, Path(style.save).expanduser())
    return style.with_own(learnt.path)


def load_network(model: str, style: "StyleSettings", report: Report) -> "StyledNetwork":
    """Load the base and blend the styles into it."""
    from mood2music.style.networks import load_styled

    styled = load_styled(model, style)
    mix = ", ".join(f"{name} {s:g}" for name, s in styled.strengths().items())
    report(f"style  {mix or 'none'} ({styled.base.stem}, {style.method})")
    return styled


def with_accompaniment(
    start: Start,
    asked: bool | None,
    styled: "StyledNetwork",
    report: Report,
    kept: bool = False,
) -> Start:
    """Put chords and a bass under a tune that has none, or under the tune alone, as jazz has it.

    asked: whether to; None: under the catalog's songs and, in styles that take others' tunes, under
    that of a file that is in another style, since its chords would hold on to that;
    kept: whether the file itself is to be heard in the piece, where it stays as it is.
    """
    from mood2music.music.accompaniment import (
        LEAD_SHEETS,
        OF_OTHERS,
        OF_STYLE,
        accompanied,
        is_bare,
        tune_of,
    )

    if asked is False or not len(start.notes):
        return start
    strengths = {name: s for name, s in styled.strengths().items() if s > 0}
    style = max(strengths, key=lambda name: strengths[name], default="")
    alone = style in LEAD_SHEETS
    if asked is None and start.song is None:
        if kept or style not in OF_OTHERS or likeliest_style(start.notes) == style:
            return start
        alone = True
    bare = is_bare(start.notes)
    if not bare and not alone:
        return start
    pattern = OF_STYLE.get(style, "block")
    report(f"chords under the tune, {pattern}")
    how = {**start.how, "accompaniment": pattern}
    tune = start.notes if bare else tune_of(start.notes)
    return replace(start, notes=accompanied(tune, pattern), how=how)


def likeliest_style(notes: Notes) -> str:
    """Name the style that the judge finds music likeliest in."""
    from mood2music.judge.style_judge import STYLES, style_of

    found = style_of(notes)
    return max(STYLES, key=lambda name: float(getattr(found, name)))


def take_seeds(
    notes: Notes,
    settings: SeedSettings,
    divisors: list[int],
    rng: np.random.Generator,
    report: Report,
    key: Key | None = None,
) -> Passages:
    """Take seeds from the song, as the network was trained to read."""
    passages = find_passages(notes, settings.length, settings.count, divisors, rng, key)
    short = f", all of it: shorter than {settings.length}"
    report(
        f"seed   {passages.length} events from event {passages.starts[0]} of "
        f"{len(passages.events)}{short if passages.length < settings.length else ''}"
    )
    return passages


def find_training(styled: "StyledNetwork", index: str | None) -> "TrainedOn":
    """Find the index of what the base and its styles were trained on, or why there is none."""
    from mood2music.generator.score import seen
    from mood2music.judge.trained_on import find_index
    from mood2music.learn.checkpoint import read_header

    styles = [path for path, strength in styled.styles.values() if strength]
    headers = [styled.header, *(read_header(path) for path in styles)]
    names = {name for header in headers for name in seen(header)}
    files = [styled.base, *styles]
    return find_index(index, files, names, styled.grid, styled.divisors)


def check_metric(metric: str | None, trained_on: "TrainedOn") -> None:
    """Raise SettingsError for a figure that needs an index of the training pieces, without one."""
    if metric in ("novelty", "longest_run", "song_run") and trained_on.index is None:
        raise SettingsError(f"metric={metric} has nothing to be measured by: {trained_on.reason}")


def measure(
    pieces: list[Piece], target: Mood, passages: Passages, trained_on: "TrainedOn"
) -> list[PieceTold]:
    """Let the judges measure each piece, and tell how near to its mood and how new it is."""
    from mood2music.judge.judges import judged
    from mood2music.judge.novelty import novelty
    from mood2music.judge.of_song import of_song
    from mood2music.judge.reasons import reasons
    from mood2music.music.events import to_notes

    told = [judged(piece.notes) for piece in pieces]
    song = to_notes(passages.events)
    return [
        PieceTold(
            key=piece.key.name,
            tempo=piece.notes.tempo,
            grid=piece.notes.grid,
            seed_end=piece.seed_end,
            sections=piece.sections,
            events=piece.events,
            ended=piece.ended,
            written_by=count(piece.authors),
            mood_distance=own["mood"].distance(target),
            reasons=reasons(piece.notes),
            judged=own,
            of_song=of_song(piece.notes.transposed(piece.key.to_c), piece.seed_end, song),
            novelty=None
            if trained_on.index is None
            else novelty(piece.notes, piece.seed_end, passages.events, trained_on.index),
        )
        for piece, own in zip(pieces, told, strict=True)
    ]


def source_of(
    portrait: Portrait | None, start: Start, song: Mood, way: list[Mood]
) -> dict[str, Any]:
    """What the manifest tells of where the music came from, the photo or the mood first.

    song: its mood; way: the moods that the piece goes through, told where they are several.
    """
    given = {} if start.mood is None else {"mood": {"from": "given", **asdict(start.mood)}}
    measured: dict[str, Any] = {"song_mood": asdict(song)}
    if len(way) > 1:
        measured["way"] = [asdict(mood) for mood in way]
    return {**(portrait.how if portrait else given), **start.how, **measured}


def facts_of_sound(render: RenderSettings) -> dict[str, str] | None:
    """Name and SHA-256 of the soundfont, None without sound."""
    from mood2music.render.soundfont import find_soundfont

    return None if render.sound == "none" else facts(find_soundfont(render.soundfont))


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write run.json."""
    text = json.dumps(manifest.as_dict(), indent=2, ensure_ascii=False)
    # Half a letter of a file's name, which UTF-8 has no bytes for, is JSON as its number.
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
