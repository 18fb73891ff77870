"""Writes notes in their key as a piano score in MusicXML, by music21."""

import re
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.music.write import PIANO
from mood2music.render.bars import BEAT, Bar, Bars
from mood2music.render.beams import beam
from mood2music.render.clefs import clefs
from mood2music.render.dynamics import dynamics
from mood2music.render.programs import program_name
from mood2music.render.rhythm import as_notated, values
from mood2music.render.spelling import Signs, signature, spell
from mood2music.render.staves import Chord, join_releases, make_voices, upper_hand
from mood2music.render.symbols import Symbol, melody, symbols

# The day that music21 writes into a file: not a word of the piece.
_DATE = re.compile(rb"\s*<encoding-date>[^<]*</encoding-date>")

# The colour of a note by where it is written (onset in ticks, pitch); "" is black.
ColourOf = dict[tuple[int, int], str]


class Value(NamedTuple):
    """One notated value: start and length in ticks; without pitches it is a rest.

    colours: of each pitch, "" for black.
    """

    start: int
    length: int
    pitches: tuple[int, ...] = ()
    colours: tuple[str, ...] = ()
    tied_from: bool = False
    tied_on: bool = False


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
) -> bytes:
    """Give a score in the bars of `notes.meter` as MusicXML; without one, in 4/4.

    program: the General MIDI number of the instrument; colours: of each note, "#d55e00", "" for
    black; None for a score without colours; sections: (name, grid step) of each rehearsal mark;
    chords: whether chord symbols stand above; kind: "piano" for two staves, or one where a hand is
    silent throughout, "lead" for the tune on one staff with chord symbols.

    Every pitch and onset is kept, moved to a reader's grid: sixteenths and triplets, finer values
    only where notes would melt together. Releases give way to two readable voices a staff.
    A piece that begins within a bar has a pickup, also one whose first bar is silent for half of it
    and more. Pitches are named after `key`; accidentals stand only where a reader needs one.
    The same notes give the same bytes. Raises MusicFileError for a piece without notes.
    """
    if not len(notes):
        raise MusicFileError("nothing to notate: expected at least one note")
    from music21 import layout, metadata, stream
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    named = symbols(notes) if chords or kind == "lead" else []
    levels = dynamics(notes)
    if kind == "lead":
        notes, kept = melody(notes)
        colours = None if colours is None else [colours[i] for i in kept]
    written, divisions, places = as_notated(notes)
    pitch = written.pitch.astype(np.int64)
    bars = Bars(written.meter)
    upper = upper_hand(written.onset, written.onset + written.duration, pitch, bars)
    if kind == "lead":
        upper[:] = True
    colour_of: ColourOf = {}
    if colours is not None:
        struck = zip(places.tolist(), notes.pitch.tolist(), strict=True)
        colour_of = dict(zip(struck, colours, strict=True))
    begin = _begin(written, bars)
    drawn = bars.until(written.end)
    hands = [(name, mine) for name, mine in (("right", upper), ("left", ~upper)) if mine.any()]
    parts = []
    for number, (name, mine) in enumerate(hands, start=1):
        start = written.onset[mine]
        end = join_releases(start, start + written.duration[mine], bars)
        voices = make_voices(start, end, pitch[mine])
        filled = [_fill(v, begin, drawn[-1].end, divisions, colour_of, bars) for v in voices]
        measures = [_by_bar(values, bars) for values in filled]
        parts.append(_part(name, measures, drawn, begin, key, notes.tempo, bars))
        parts[-1].insert(0, _instrument(program, number))
    step = BEAT / notes.grid
    _mark(parts[0], drawn, begin, [(name, round(at * step)) for name, at in sections], levels, step)
    if named:
        sharps = signature(key.tonic, key.mode)
        _name_chords(parts[0], drawn, begin, named, sharps, step)
    score = stream.Score([metadata.Metadata(title=title or notes.title, composer=composer), *parts])
    if len(parts) > 1:
        score.insert(0, layout.StaffGroup(parts, symbol="brace", name=program_name(program)))
    # music21's own notation pass copies the score, is slower than all the rest, and forgets which
    # accidentals the other voices of a staff have set; everything is in place without it.
    exporter = GeneralObjectExporter(score)
    exporter.makeNotation = False
    content: bytes = exporter.parse()
    return _DATE.sub(b"", content)


def without_colours(musicxml: bytes) -> bytes:
    """The same score, all of it black: for people who edit it."""
    return re.sub(rb' color="#[0-9A-Fa-f]{6}"', b"", musicxml)


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


def _fill(
    voice: list[Chord],
    begin: int,
    end: int,
    divisions: dict[int, int],
    colour_of: ColourOf,
    bars: Bars,
) -> list[Value]:
    """Cut a voice's chords into values, tied together, with rests between and after them."""
    filled, now = [], begin
    for chord in (*voice, Chord(end, end, ())):
        filled += [Value(*v) for v in values(now, chord.start, divisions, True, bars)]
        colours = tuple(colour_of.get((chord.start, pitch), "") for pitch in chord.pitches)
        for start, length in values(chord.start, chord.end, divisions, bars=bars):
            tied = start > chord.start, start + length < chord.end
            filled.append(Value(start, length, chord.pitches, colours, *tied))
        now = chord.end
    return filled


def _by_bar(filled: list[Value], bars: Bars) -> dict[int, list[Value]]:
    """Sort values by their bar's first tick; a bar in which the voice rests is left out."""
    by_bar = defaultdict(list)
    for value in filled:
        by_bar[bars.at(value.start).start].append(value)
    return {bar: inside for bar, inside in by_bar.items() if any(v.pitches for v in inside)}


def _part(
    name: str,
    voices: list[dict[int, list[Value]]],
    drawn: Sequence[Bar],
    begin: int,
    key: Key,
    tempo: float,
    bars: Bars,
) -> Any:
    """Make one staff; voices: for each voice its values by their bar; drawn: the bars."""
    from music21 import clef, stream
    from music21 import key as m21key
    from music21 import tempo as m21tempo
    from music21.duration import Duration
    from music21.meter import TimeSignature

    sharps = signature(key.tonic, key.mode)
    signs = Signs(sharps)
    heard = [[p for voice in voices for v in voice.get(bar.start, ()) for p in v.pitches]
             for bar in drawn]  # fmt: skip
    chosen = clefs(heard, name)
    staff: Any = stream.PartStaff
    part = staff(id=name)
    pickup = begin > drawn[0].start
    for at, bar in enumerate(drawn):
        measure: Any = stream.Measure(number=at + (not pickup))
        if at == 0:
            measure.append(clef.clefFromString(chosen[0]))
            measure.append(m21key.KeySignature(sharps).asKey(key.mode))
            if name == "right":
                # A beat of three parts is what is counted: a jig goes by dotted quarters.
                beat = 12 / bar.signature.unit if bar.in_threes else 1.0
                metronome: Any = m21tempo.MetronomeMark
                mark = metronome(number=round(tempo / beat), referent=Duration(beat))
                mark.placement = "above"  # MuseScore would put it below
                measure.insert(0, mark)
        elif chosen[at] != chosen[at - 1]:
            measure.insert(0, clef.clefFromString(chosen[at]))
        if at == 0 or bar.signature[1:] != drawn[at - 1].signature[1:]:
            measure.insert(0, TimeSignature(f"{bar.signature.beats}/{bar.signature.unit}"))
        if at == 0 and pickup:
            measure.showNumber = stream.enums.ShowNumber.NEVER
        sounding = [voice[bar.start] for voice in voices if bar.start in voice]
        signs.new_bar()
        # Accidentals hold for all voices of a staff, so values are spelt in order of time.
        made = {
            id(value): _element(value, sharps, signs, bars)
            for value in sorted((v for inside in sounding for v in inside), key=lambda v: v.start)
        }
        heights = [_height(inside) for inside in sounding]
        for number, inside in enumerate(sounding, start=1):
            up = heights[number - 1] == max(heights)
            voice: Any = measure if len(sounding) == 1 else stream.Voice(id=str(number))
            notes = [value for value in inside if value.pitches]
            for value, beams in zip(notes, beam([v[:2] for v in notes], bars), strict=True):
                for kind, direction in beams:
                    made[id(value)].beams.append(kind, direction)
            for value in inside:
                element = made[id(value)]
                if len(sounding) > 1:
                    # Brackets of two voices would lie on one another.
                    for tuplet in element.duration.tuplets:
                        tuplet.placement = "above" if up else "below"
                if len(sounding) > 1 and value.pitches:
                    element.stemDirection = "up" if up else "down"
                elif number > 1:
                    element.style.hideObjectOnPrint = True
                voice.append(element)
            if voice is not measure:
                measure.insert(0, voice)
        if not sounding:
            measure.append(_silence(bar.end - max(bar.start, begin)))
        part.append(measure)
    part.getElementsByClass("Measure").last().rightBarline = "final"
    return part


def _mark(
    part: Any,
    drawn: Sequence[Bar],
    begin: int,
    sections: Sequence[tuple[str, int]],
    levels: Sequence[tuple[int, str]],
    step: float,
) -> None:
    """Write rehearsal marks and dynamics into the first staff, each at its bar's beginning."""
    from music21 import dynamics as m21dynamics
    from music21 import expressions

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for name, at in sections if len(sections) > 1 else ():
        # A section begins at a bar line, or with the upbeat before one.
        which = min(int(np.searchsorted(ends, at, "right")), len(drawn) - 1)
        rehearsal: Any = expressions.RehearsalMark
        measures[which].insert(0, rehearsal(name))
    for at, letters in levels:
        which = min(int(np.searchsorted(ends, round(at * step), "right")), len(drawn) - 1)
        dynamic: Any = m21dynamics.Dynamic
        measures[which].insert(0, dynamic(letters))


def _name_chords(
    part: Any,
    drawn: Sequence[Bar],
    begin: int,
    named: Sequence[Symbol],
    sharps: int,
    step: float,
) -> None:
    """Write chord symbols above the first staff, spelt in the key."""
    from music21 import harmony

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for symbol in named:
        tick = max(round(symbol.step * step), begin)
        which = int(np.searchsorted(ends, tick, "right"))
        if which < len(drawn):
            letter, alteration, _ = spell(48 + symbol.root, sharps)
            root = letter + {-1: "-", 1: "#"}.get(alteration, "")
            written = harmony.ChordSymbol(root=root, kind=symbol.kind)
            measures[which].insert(Fraction(tick - max(drawn[which].start, begin), BEAT), written)


def _height(inside: list[Value]) -> float:
    """Mean pitch of one voice in one bar: the higher voice turns its stems up."""
    pitches = [pitch for value in inside for pitch in value.pitches]
    return sum(pitches) / len(pitches)


def _silence(length: int) -> Any:
    """A rest of a whole bar, whatever its length."""
    from music21 import note

    rest: Any = note.Rest()
    rest.quarterLength = Fraction(length, BEAT)
    rest.fullMeasure = True
    return rest


def _element(value: Value, sharps: int, signs: Signs, bars: Bars) -> Any:
    """Make music21's note, chord or rest of one value."""
    from music21 import chord, note

    length = Fraction(value.length, BEAT)
    notes = [
        _note(pitch, colour, value, sharps, signs)
        for pitch, colour in zip(value.pitches, value.colours, strict=True)
    ]
    element: Any = chord.Chord(notes) if len(notes) > 1 else (notes or [note.Rest()])[0]
    element.quarterLength = length
    for tuplet in element.duration.tuplets:
        # A beat of triplets is one bracket, whatever values fill it; in 6/8 half a beat is.
        beat = bars.beat(value.start)
        bracket = BEAT // 2 if bars.at(value.start).in_threes else BEAT
        if (value.start - beat) % bracket == 0:
            tuplet.type = "start"
        elif (value.start + value.length - beat) % bracket == 0:
            tuplet.type = "stop"
    return element


def _note(pitch: int, colour: str, value: Value, sharps: int, signs: Signs) -> Any:
    """Make one pitch of a value, with its tie and, where a reader needs it, its accidental."""
    from music21 import note, tie
    from music21 import pitch as m21pitch

    step, alteration, octave = spell(pitch, sharps)
    # By letter: music21 marks a note made from a MIDI number "natural", and prints that.
    made = note.Note(m21pitch.Pitch(step))
    made.pitch.octave = octave
    shown = not value.tied_from and signs.needed(step, alteration, octave)
    if alteration or shown:
        made.pitch.accidental = m21pitch.Accidental(alteration)
        made.pitch.accidental.displayStatus = shown
    if colour:
        made.style.color = colour
    if value.tied_from or value.tied_on:
        kind = "continue" if value.tied_from and value.tied_on else "stop"
        make_tie: Any = tie.Tie
        made.tie = make_tie(kind if value.tied_from else "start")
    return made
