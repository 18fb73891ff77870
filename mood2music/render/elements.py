"""Makes music21's notes, chords and rests of notated values, each spelt and tied."""

from fractions import Fraction
from typing import Any

from mood2music.render.bars import BEAT, Bars
from mood2music.render.notated import Look, Value
from mood2music.render.spelling import Signs, named


def element_of(value: Value, signs: Signs, bars: Bars) -> Any:
    """Make music21's note, chord or rest of one value."""
    from music21 import chord, note

    length = Fraction(value.length, BEAT)
    notes = [
        _note(pitch, look, value, signs)
        for pitch, look in zip(value.pitches, value.looks, strict=True)
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


def _note(pitch: int, look: Look, value: Value, signs: Signs) -> Any:
    """Make one pitch of a value, with its tie and, where a reader needs it, its accidental."""
    from music21 import note, tie
    from music21 import pitch as m21pitch

    colour, fifths = look
    step, alteration, octave = named(pitch, fifths)
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


def silence(length: int) -> Any:
    """Make a rest of a whole bar, whatever its length."""
    from music21 import note

    rest: Any = note.Rest()
    rest.quarterLength = Fraction(length, BEAT)
    rest.fullMeasure = True
    return rest
