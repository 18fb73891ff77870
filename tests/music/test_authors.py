import numpy as np

from mood2music.music.authors import Author, count


def test_every_author_is_counted_even_one_of_nothing() -> None:
    authors = np.array([Author.SEED, Author.BASE, Author.BASE], np.uint8)
    assert count(authors) == {"seed": 1, "base": 2, "style": 0, "accompaniment": 0}
