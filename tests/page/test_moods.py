import pytest

from mood2music.face.labels import EXPRESSIONS
from mood2music.judge.reasons import GROUPS, Reason
from mood2music.mood import Mood
from mood2music.page.moods import AROUSAL, HEARD, NAMED, VALENCE, WORDS, because, guesses, word_of


@pytest.mark.parametrize("word", WORDS)
def test_a_words_own_mood_has_that_word(word: str) -> None:
    assert word_of(WORDS[word]) == word


def test_between_two_words_both_are_said_and_in_the_middle_none() -> None:
    first, second = WORDS["calm"], WORDS["happy"]
    middle = Mood((first.valence + second.valence) / 2, (first.arousal + second.arousal) / 2)
    assert set(word_of(middle).removeprefix("between ").split(" and ")) == {"calm", "happy"}
    assert word_of(Mood(0.1, -0.1)) == "neutral"


def test_every_word_of_the_judge_of_moods_has_one_of_the_pages() -> None:
    words = {(name, word) for name, (_, _, both) in GROUPS.items() for word in both}
    assert words == set(NAMED)


def test_the_three_strongest_reasons_are_said_and_none_that_says_nothing() -> None:
    told = [
        Reason("tempo", "fast", 0.1, 0.4),
        Reason("density", "middling", 0.0, 0.3),
        Reason("mode", "minor", -0.3, 0.1),
        Reason("dynamics", "soft", 0.0, -0.2),
        Reason("register", "high", 0.1, 0.0),
    ]
    assert because(told) == (
        "livelier by its fast tempo, darker by its minor mode, calmer by its soft playing"
    )
    assert because([Reason("tempo", "fast", 0.01, 0.01)]) == because([]) == ""


def test_a_reason_that_goes_against_its_word_is_not_said() -> None:
    told = [
        Reason("mode", "minor", 0.3, 0.1),
        Reason("tempo", "slow", 0.0, 0.2),
        Reason("dissonance", "dissonant", 0.1, 0.0),
        Reason("register", "high", -0.1, 0.0),
    ]
    assert because(told) == "darker by its high register"
    assert because([Reason("mode", "minor", 0.0, -0.1)]) == "calmer by its minor mode"


def test_no_mode_is_said_but_that_of_the_piece() -> None:
    told = [Reason("mode", "minor", -0.3, 0.1), Reason("tempo", "fast", 0.0, 0.2)]
    assert because(told, "major") == "livelier by its fast tempo"
    assert because(told, "minor") == "darker by its minor mode, livelier by its fast tempo"


def test_what_is_heard_in_one_way_is_of_the_judges_words() -> None:
    assert set(HEARD) <= set(NAMED)
    assert set(HEARD.values()) <= {*VALENCE, *AROUSAL}


def test_the_likeliest_expressions_come_first_each_in_a_word() -> None:
    shares = {name: 1 / (2 + place) for place, name in enumerate(EXPRESSIONS)}
    assert [word for word, _, _ in guesses(shares, 8)] == [
        "neutral", "happy", "sad", "surprised", "afraid", "disgusted", "angry", "contemptuous"
    ]  # fmt: skip
