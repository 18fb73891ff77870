"""Makes a staff of measures: clefs, signatures, voices, stems and beams."""

from collections.abc import Sequence
from typing import Any

from mood2music.music.key import Key
from mood2music.render.bars import Bar, Bars
from mood2music.render.beams import beam
from mood2music.render.clefs import clefs
from mood2music.render.elements import element_of, silence
from mood2music.render.marks import metronome
from mood2music.render.notated import Value
from mood2music.render.spelling import Signs, signature


def part_of(
    name: str,
    voices: list[dict[int, list[Value]]],
    drawn: Sequence[Bar],
    begin: int,
    key: Key,
    tempo: float | None,
    bars: Bars,
) -> Any:
    """Make one staff; voices: for each voice its values by their bar; drawn: the bars.

    tempo: quarter notes a minute, of the staff that shows it; None for another.
    """
    from music21 import clef, stream
    from music21 import key as m21key
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
            if tempo is not None:
                measure.insert(0, metronome(tempo, bar.counted(tempo)))
        elif chosen[at] != chosen[at - 1]:
            measure.insert(0, clef.clefFromString(chosen[at]))
        if at == 0 or bar.signature[1:] != drawn[at - 1].signature[1:]:
            measure.insert(0, TimeSignature(f"{bar.signature.beats}/{bar.signature.unit}"))
        if at == 0 and pickup:
            measure.showNumber = stream.enums.ShowNumber.NEVER
        sounding = [voice[bar.start] for voice in voices if bar.start in voice]
        # The higher voice comes first, as programs expect it; the first to be laid shows its rests.
        ranked = sorted(enumerate(sounding), key=lambda ranked: -_height(ranked[1]))
        signs.new_bar()
        # Accidentals hold for all voices of a staff, so values are spelt in order of time.
        made = {
            id(value): element_of(value, signs, bars)
            for value in sorted((v for _, inside in ranked for v in inside), key=lambda v: v.start)
        }
        for number, (laid, inside) in enumerate(ranked, start=1):
            up = number == 1
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
                elif not element.duration.tuplets and (
                    laid or (name == "left" and _covered(value, inside, sounding))
                ):
                    # A bracket of three shows all three; above, the right hand has a tune.
                    element.style.hideObjectOnPrint = True
                voice.append(element)
            if voice is not measure:
                measure.insert(0, voice)
        if not sounding:
            measure.append(silence(bar.end - max(bar.start, begin)))
        part.append(measure)
    part.getElementsByClass("Measure").last().rightBarline = "final"
    return part


def _covered(rest: Value, inside: list[Value], sounding: list[list[Value]]) -> bool:
    """Tell whether another voice sounds throughout a rest of one."""
    end = rest.start + rest.length
    heard = sum(
        max(min(value.start + value.length, end) - max(value.start, rest.start), 0)
        for other in sounding
        for value in other
        if other is not inside and value.pitches
    )
    return heard >= rest.length


def _height(inside: list[Value]) -> float:
    """Mean pitch of one voice in one bar: the higher voice turns its stems up."""
    pitches = [pitch for value in inside for pitch in value.pitches]
    return sum(pitches) / len(pitches)
