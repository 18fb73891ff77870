"""Writes notes in their key as a score for piano, or a soloist over one, in MusicXML."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.music.write import PIANO
from mood2music.render.bars import BEAT, Bars
from mood2music.render.dynamics import dynamics
from mood2music.render.marks import mark, mark_tempi, name_chords
from mood2music.render.notated import LookOf, by_bar, fill, joined
from mood2music.render.parts import part_of
from mood2music.render.programs import program_name
from mood2music.render.rhythm import as_notated, out_of_tuplets
from mood2music.render.soloist import RANGES, soloists
from mood2music.render.spelling import signature, spellings
from mood2music.render.staves import join_releases, make_voices, staves_of
from mood2music.render.symbols import melody, restated, symbols, with_chords

_TEMPO = re.compile(rb'<sound tempo="([\d.]+)"')
# The day that music21 writes into a file: not a word of the piece.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")
# A note's voice, and its staff where there are two.
_MEASURE = re.compile(rb"<measure .*?</measure>", re.DOTALL)
# The elements of a measure as they are laid out, a chord symbol, and how far it is off its place.
_PART = re.compile(rb"^(?=      <(?!/)|    </measure>)", re.MULTILINE)
_SYMBOL = b"      <harmony>"
_OFFSET = re.compile(rb"\s*<offset[^>]*>(-?\d+)</offset>")
# What stands behind its offset: its staff, where the part has several, and its end.
_HARMONY_END = re.compile(rb" *(?:<staff>\d+</staff>\s*)?</harmony>")
# The root that music21 invents where no chord sounds; MuseScore would print it.
_NO_ROOT = re.compile(rb'<root>\s*<root-step text="">C</root-step>\s*</root>')
_NOTE = re.compile(
    rb"(?P<before><note\b(?:(?!</note>).)*?<voice>)(?P<voice>\d+)"
    rb"(?P<behind></voice>(?:(?!</note>).)*?(?:<staff>(?P<staff>\d)</staff>|(?=</note>)))",
    re.DOTALL,
)


def notate(
    notes: Notes,
    key: Key,
    title: str = "",
    composer: str = "mood2music",
    program: int = PIANO,
    colours: Sequence[str] | None = None,
    sections: Sequence[tuple[str, int]] = (),
    chords: bool = False,
    kind: str = "piano",
    tempi: Sequence[tuple[int, float | str]] = (),
) -> bytes:
    """Give a score in the bars of `notes.meter` as MusicXML; without one, in 4/4.

    program: the General MIDI number of the instrument: who plays one note at a time has the tune on
    a staff of its own, at sounding pitch, above a piano; colours: of each note, "#d55e00", "" for
    black; None for a score without colours; sections: (name, grid step) of each rehearsal mark;
    chords: whether chord symbols stand above; kind: "piano" for two staves, or one where a hand is
    silent throughout, "lead" for the tune on one staff with chord symbols; tempi: what stands above
    of others than the notes' own, which stands at the beginning: grid steps, quarter notes a minute
    or words.

    Every pitch and onset is kept, moved to a reader's grid: sixteenths and triplets, finer values
    only where notes would melt together. Releases give way to two readable voices a staff.
    A piece that begins within a bar has a pickup, also one whose first bar is silent for half of it
    and more. Pitches are named after `key` and what sounds around them; accidentals stand only
    where a reader needs one.
    The same notes give the same bytes. Raises MusicFileError for a piece without notes.
    """
    if not len(notes):
        raise MusicFileError("nothing to notate: expected at least one note")
    from music21 import layout, metadata, stream
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    heard = symbols(notes) if chords or kind == "lead" else []
    heard = restated(heard, [at for _, at in sections])
    levels = dynamics(notes)
    sharps = signature(key.tonic, key.mode)
    names = spellings(notes.pitch, sharps)
    names, roots = with_chords(names, notes, heard, sharps)
    looks = list(zip(colours or [""] * len(notes), names.tolist(), strict=True))
    sung = np.zeros(len(notes), bool)
    if kind == "lead":
        notes, kept = melody(notes)
        looks, sung = [looks[i] for i in kept], np.ones(len(kept), bool)
    elif program in RANGES:
        tune, kept = melody(notes)
        sung[kept] = True
        sung = soloists(notes, sung, program)
        notes = _cut(notes, kept, tune)
    written, divisions, places = as_notated(notes, sung)
    bars = Bars(written.meter)
    struck = list(zip(places.tolist(), notes.pitch.tolist(), strict=True))
    look_of: LookOf = dict(zip(struck, looks, strict=True))
    solo = {place for place, mine in zip(struck, sung.tolist(), strict=True) if mine}
    begin = _begin(written, bars)
    drawn = bars.until(written.end)
    staves = staves_of(written, solo, program, bars)
    parts = []
    for number, staff in enumerate(staves, start=1):
        mine, pitch = staff.mine, written.pitch[staff.mine].astype(np.int64) + staff.up
        start = written.onset[mine]
        end = join_releases(start, start + written.duration[mine], bars)
        end = out_of_tuplets(start, end, divisions, bars)
        voices = make_voices(start, end, pitch)
        own = {(at, low + staff.up): look for (at, low), look in look_of.items()}
        filled = [fill(v, begin, drawn[-1].end, divisions, own, bars) for v in voices]
        measures = joined([by_bar(values, bars) for values in filled], divisions, bars)
        tempo = notes.tempo if number == 1 else None
        parts.append(part_of(staff.clef, measures, drawn, begin, key, tempo, bars))
        parts[-1].id = str(number)
        parts[-1].insert(0, _instrument(staff.program, number))
    step = BEAT / notes.grid
    mark(parts, drawn, [(name, round(at * step)) for name, at in sections], levels, step)
    mark_tempi(parts[0], drawn, tempi, drawn[0].counted(notes.tempo), step)
    name_chords(parts[0], drawn, begin, heard, roots, step)
    score = stream.Score([metadata.Metadata(title=title or notes.title, composer=composer), *parts])
    hands = parts[-2:] if len(staves) > 1 and staves[-2].program == staves[-1].program else []
    if hands:
        name = program_name(staves[-1].program)
        score.insert(0, layout.StaffGroup(hands, symbol="brace", name=name))
    # music21's own notation pass copies the score, is slower than all the rest, and forgets which
    # accidentals the other voices of a staff have set; everything is in place without it.
    exporter = GeneralObjectExporter(score)
    exporter.makeNotation = False
    content: bytes = exporter.parse()
    content = content.replace(b"<degree>", b'<degree print-object="no">')
    content = _NO_ROOT.sub(b"<function />", content)
    content = _MEASURE.sub(_symbols_ahead, content)
    return _numbered(_TEMPO.sub(_in_hundredths, _DATE.sub(b"", content)))


def _cut(notes: Notes, kept: list[int], tune: Notes) -> Notes:
    """The same notes with those of the tune as long as a voice alone has them."""
    duration = notes.duration.copy()
    duration[kept] = tune.duration
    return replace(notes, duration=duration)


def _in_hundredths(found: re.Match[bytes]) -> bytes:
    """Write a tempo with two decimals at most: a dotted beat gives 100.49999999999999 of them."""
    return b'<sound tempo="%s"' % f"{round(float(found[1]), 2):g}".encode()


def without_colours(musicxml: bytes) -> bytes:
    """The same score, all of it black: for people who edit it."""
    return re.sub(rb' color="#[0-9A-Fa-f]{6}"', b"", musicxml)


def _numbered(musicxml: bytes) -> bytes:
    """Number voices as notation programs do: 1 and 2 on the first staff, 5 and 6 on the second.

    music21 counts through both; MuseScore then takes the second staff's voice for a lower one,
    turns all its stems, and lays its rests beside the staff.
    """

    def measure(found: re.Match[bytes]) -> bytes:
        known: dict[tuple[bytes, bytes], int] = {}

        def number(note: re.Match[bytes]) -> bytes:
            staff = note["staff"] or b"1"
            first = sum(place[0] == staff for place in known)
            voice = known.setdefault((staff, note["voice"]), 4 * int(staff) - 3 + first)
            return note["before"] + b"%d" % voice + note["behind"]

        return _NOTE.sub(number, found[0])

    return _MEASURE.sub(measure, musicxml)


def _symbols_ahead(measure: re.Match[bytes]) -> bytes:
    """Write chord symbols that stand behind a staff's last note before it, at the same places.

    What no note of its staff follows verovio lays above the next staff.
    """
    parts = _PART.split(measure[0])
    for i, part in enumerate(parts):
        behind = next((p for p in parts[i + 1 :] if not p.startswith(_SYMBOL)), b"")
        if not part.startswith(_SYMBOL) or behind.startswith(b"      <note"):
            continue
        notes = [j for j in range(i) if parts[j].startswith(b"      <note")]
        first = next((j for j in reversed(notes) if b"<chord" not in parts[j]), None)
        lasts = None if first is None else re.search(rb"<duration>(\d+)", parts[first])
        if first is None or lasts is None:
            continue
        found = _OFFSET.search(part)
        offset = int(lasts[1]) + (int(found[1]) if found else 0)
        symbol = _HARMONY_END.sub(
            b'        <offset sound="yes">%d</offset>\n\\g<0>' % offset, _OFFSET.sub(b"", part)
        )
        parts[first : i + 1] = [symbol, *parts[first:i]]
    return b"".join(parts)


def _instrument(program: int, number: int) -> Any:
    """The instrument of a staff, by name and General MIDI program; number: of the staff."""
    from music21 import instrument

    made: Any = instrument.Instrument(program_name(program))
    made.midiProgram, made.midiChannel = program, 0
    # music21 draws names at random where there are none: same notes, same bytes.
    made.partId, made.instrumentId = f"P{number}", f"I{number}"
    return made


def _begin(written: Notes, bars: Bars) -> int:
    """The tick at which the score begins: 0, or the first beat where a long silence goes before."""
    first = int(written.onset.min())
    bar = bars.at(first)
    if written.meter and bar.start <= 0 and 2 * (first - bar.start) >= bar.length:
        return max(bars.beat(first), 0)
    return 0
