from mood2music.render.tempo_marks import CLOSE, FASTER, SLOWER, tempo_marks


def test_one_tempo_needs_no_further_mark_but_for_its_end() -> None:
    assert tempo_marks(()) == []
    assert tempo_marks((), 480) == [(480, CLOSE)]


def test_a_way_says_where_it_goes_and_a_new_number_now_and_then() -> None:
    up = [(96 * bar, 80 * 1.02**bar) for bar in range(20)]
    assert tempo_marks(up) == [(0, FASTER), up[8], up[16]]
    slight = [(96 * bar, 80 * 1.005**bar) for bar in range(20)]
    assert tempo_marks(slight) == [(0, FASTER), slight[16]]


def test_where_a_way_turns_words_say_so_and_a_ritardando_stands_last() -> None:
    turning = [(96 * bar, 80.0 + 3 * min(bar, 16 - bar)) for bar in range(17)]
    assert tempo_marks(turning) == [
        (0, FASTER), (768, 104.0), (768, SLOWER),
    ]  # fmt: skip
    assert tempo_marks(turning, 768) == [(0, FASTER), (768, CLOSE)]
