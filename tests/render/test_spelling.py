from mood2music.render.spelling import Signs, signature, spell


def test_key_signatures_are_those_of_the_circle_of_fifths() -> None:
    assert [signature(tonic, "major") for tonic in (0, 7, 2, 5, 10, 3, 8)] == [
        0, 1, 2, -1, -2, -3, -4,
    ]  # fmt: skip
    assert [signature(tonic, "minor") for tonic in (9, 4, 2, 0, 6)] == [0, 1, -1, -3, 3]


def test_a_major_and_its_relative_minor_share_a_signature() -> None:
    for tonic in (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11):
        assert signature(tonic, "major") == signature((tonic - 3) % 12, "minor")


def test_names_follow_the_key() -> None:
    assert spell(60, 0) == ("C", 0, 4)
    assert spell(66, 0) == ("F", 1, 4)
    assert spell(66, -5) == ("G", -1, 4)
    assert spell(68, 0) == ("G", 1, 4)  # the leading note of A minor
    assert spell(63, 0) == ("E", -1, 4)  # the blue third of C


def test_the_octave_belongs_to_the_letter() -> None:
    assert spell(60, 6) == ("B", 1, 3)
    assert spell(59, -6) == ("C", -1, 4)


def test_every_spelling_sounds_as_its_midi_number_in_every_key() -> None:
    semitone = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    for sharps in range(-6, 7):
        for pitch in range(128):
            step, alteration, octave = spell(pitch, sharps)
            assert 12 * (octave + 1) + semitone[step] + alteration == pitch


def test_an_accidental_holds_to_the_end_of_its_bar() -> None:
    signs = Signs(0)
    assert signs.needed("F", 1, 4)
    assert not signs.needed("F", 1, 4)
    assert signs.needed("F", 0, 4)
    assert not signs.needed("F", 0, 4)


def test_notes_of_the_key_show_no_sign_and_foreign_ones_do() -> None:
    signs = Signs(-1)
    assert not signs.needed("B", -1, 4)
    assert signs.needed("B", 0, 3)


def test_a_courtesy_sign_takes_back_the_bar_before_and_only_once() -> None:
    signs = Signs(0)
    assert signs.needed("F", 1, 4)
    signs.new_bar()
    assert signs.needed("F", 0, 4)
    assert not signs.needed("F", 0, 4)
    signs.new_bar()
    assert not signs.needed("F", 0, 4)
