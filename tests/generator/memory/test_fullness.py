from mood2music.generator.memory.fullness import Fullness
from mood2music.music.events import Event, from_list
from mood2music.music.texture import POLYPHONIES, steps_of, textures_of

BAR = 96
THREE: Event = ((48, 52, 55), 24)
# Four bars of quarters in three voices.
SONG = from_list([THREE] * 16)
OFTEN, FULL = steps_of(1.0, 3.0).tolist()


def written(fullness: Fullness, bar: int, chord: tuple[int, ...], count: int = 4) -> None:
    for _ in range(count):
        fullness.add((chord, BAR // count), bar * BAR)


def test_new_matter_is_as_full_as_the_song_and_makes_up_for_what_came_out_thinner() -> None:
    fullness = Fullness(textures_of(SONG), 24)
    told = []
    for bar in range(6):
        told.append(fullness.told(bar * BAR, 0, None))
        written(fullness, bar, (55, 60))
    assert told[0] == (OFTEN, FULL)
    full = [step for _, step in told]
    assert full == sorted(full)
    assert FULL < full[2] <= full[-1] <= POLYPHONIES - 1
    assert {often for often, _ in told} == {OFTEN}, "only of how much sounds is anything made up"


def test_where_nothing_lacks_nothing_is_made_up() -> None:
    fullness = Fullness(textures_of(SONG), 24)
    for bar in range(6):
        assert fullness.told(bar * BAR, 0, None) == (OFTEN, FULL)
        written(fullness, bar, (48, 52, 55))


def test_a_bar_that_comes_back_is_as_full_as_it_was() -> None:
    fullness = Fullness(textures_of(SONG), 24)
    for bar, chord in enumerate([(60,), (48, 52, 55), (48, 52, 55)]):
        fullness.told(bar * BAR, 0, None)
        written(fullness, bar, chord)
    thin = steps_of(1.0, 1.0).tolist()
    assert fullness.told(3 * BAR, 0, 0) == (OFTEN, thin[1])
    written(fullness, 3, (60,))
    behind = fullness.told(4 * BAR, 0, None)
    other = Fullness(textures_of(SONG), 24)
    for bar, chord in enumerate([(60,), (48, 52, 55), (48, 52, 55)]):
        other.told(bar * BAR, 0, None)
        written(other, bar, chord)
    assert behind == other.told(3 * BAR, 0, None), "what came back thin lacks nothing"


def test_a_bar_about_as_quick_as_most_is_told_what_these_are() -> None:
    # One onset a quarter in most bars; a bar of 1.25, and one of 4.
    five = [((60,), 24)] * 3 + [((60,), 12)] * 2
    song = from_list([((60,), 24)] * 12 + five + [((60,), 6)] * 16)
    codes = textures_of(song).code[:, 0].tolist()
    fullness = Fullness(textures_of(song), 24)
    told = [fullness.told(bar * BAR, bar * BAR, None)[0] for bar in range(5)]
    assert codes[3] == codes[0] + 1
    assert told[:4] == [codes[0]] * 4
    assert told[4] == codes[4] > codes[0] + 1
