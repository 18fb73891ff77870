"""A music21 stream to notes, ties joined whatever stands between."""

import pytest
from music21 import converter, metadata, note, stream
from music21.tie import Tie

from mood2music.errors import MusicFileError
from mood2music.music.meter import as_text
from mood2music.music.stream import from_stream


def test_tied_notes_sound_as_one() -> None:
    notes = from_stream(converter.parse("tinynotation: 4/4 c2 e~ e1"))
    assert notes.duration.tolist() == [48, 144]


def test_a_tie_holds_across_another_voice() -> None:
    measure = stream.Stream()
    for offset, tie in ((0.0, "start"), (2.0, "stop")):
        held = note.Note("C4", quarterLength=2)
        held.tie = Tie(tie)
        measure.insert(offset, held)
    measure.insert(1.0, note.Note("E4", quarterLength=1))
    notes = from_stream(measure)
    assert notes.pitch.tolist() == [60, 64]
    assert notes.duration.tolist() == [96, 24]


def test_every_metronome_mark_counts() -> None:
    from music21.tempo import MetronomeMark

    score = converter.parse("tinynotation: 4/4 c1 d1")
    score.insert(0, MetronomeMark(number=60))
    score.insert(4, MetronomeMark(number=120))
    assert from_stream(score).tempo == pytest.approx(80)


def test_a_transposing_instrument_is_read_as_it_sounds() -> None:
    from music21.instrument import Clarinet

    part = stream.Part([Clarinet(), note.Note("D4")])  # in B flat
    part.atSoundingPitch = False
    assert from_stream(stream.Score([part])).pitch.tolist() == [60]


def test_a_stream_without_notes_is_refused() -> None:
    with pytest.raises(MusicFileError, match="x holds no pitched notes"):
        from_stream(stream.Stream(), title="x")


def test_the_title_is_the_scores_own_else_the_one_given() -> None:
    score = converter.parse("tinynotation: 4/4 c1")
    assert from_stream(score, title="x").title == "x"
    score.insert(0, metadata.Metadata(title="Own"))
    assert from_stream(score, title="x").title == "Own"


def test_time_signatures_and_bars_are_those_of_the_first_part() -> None:
    from music21.meter import TimeSignature

    part = stream.Part()
    for number, (length, signature) in enumerate(
        [(1, "3/4"), (3, None), (3, None), (2, "2/4"), (3, None), (2, None)]
    ):
        measure = stream.Measure(number)
        if signature:
            measure.insert(0, TimeSignature(signature))
        measure.append(note.Note("C4", quarterLength=length))
        part.append(measure)
    score = stream.Score([part])
    assert as_text(from_stream(score).meter) == "-48:3/4 168:2/4 288:2/4"
    assert from_stream(converter.parse("tinynotation: c4 d").flatten()).meter == ()
    parts = [converter.parse(f"tinynotation: {text}") for text in ("3/4 c2.", "4/4 e1")]
    assert as_text(from_stream(stream.Score(parts)).meter) == "0:3/4"
