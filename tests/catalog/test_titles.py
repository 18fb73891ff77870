"""Names of files to titles."""

from pathlib import Path

import pytest

from mood2music.catalog.titles import trecento_piece, tune_title, work_title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("beethoven/opus18no1/movement2.mxl", "String Quartet op. 18 no. 1, movement 2"),
        ("beethoven/opus132.mxl", "String Quartet op. 132"),
        ("haydn/opus74no1/movement1.mxl", "String Quartet op. 74 no. 1, movement 1"),
        ("mozart/k80/movement3.mxl", "K. 80, movement 3"),
        ("monteverdi/madrigal.4.15.mxl", "Madrigals, book 4 no. 15"),
        ("schumann_robert/opus48no2.mxl", "Dichterliebe no. 2"),
        ("joplin/maple_leaf_rag.mxl", "Maple Leaf Rag"),
        ("bach/bwv153.1.mxl", "Ach Gott, vom Himmel sieh’ darein, BWV 153.1"),  # noqa: RUF001
        ("bach/bwv846.mxl", "BWV 846"),
        ("somebody/something.mxl", ""),
    ],
)
def test_title_of_a_work(name: str, title: str) -> None:
    assert work_title(name, Path(name)) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("THE BOY FROM THE TOP -- REEL.", "The Boy from the Top, Reel"),
        ("'CHEESE IT!', REEL", "'Cheese it!', Reel"),
        ("O'CONNOR'S  FAVORITE", "O'Connor's Favorite"),
        ("Hiawat:ha -- HORNPIPE", "Hiawatha, HORNPIPE"),
        ("KOMM DU BLANKER WEIHEDEGEN", "Komm, du blanker Weihedegen"),
        ('Miss "Jig"', "Miss 'Jig'"),
        ("K. 80", "K. 80"),
        ("", ""),
    ],
)
def test_a_tune_books_title_is_in_one_line_and_not_in_capitals(printed: str, title: str) -> None:
    assert tune_title(printed) == title


def test_a_part_of_a_mass_is_named_with_the_mass(tmp_path: Path) -> None:
    path = tmp_path / "Sanctus_49_c.krn"
    path.write_text("!!!COM: Palestrina\n!!!OPR: Missa Salvum me fac\n!!!OTL: Hosanna\n**kern\n")
    assert work_title("palestrina/Sanctus_49_c.krn", path) == (
        "Sanctus (Hosanna), Missa Salvum me fac"
    )


@pytest.mark.parametrize(
    ("stem", "title", "artist"),
    [
        ("PMFC_06_Giovanni-01-Angnel_son", "Angnel son, PMFC 6/1", "Giovanni da Cascia"),
        ("PMFC_06_8-In Verde Prato", "In Verde Prato, PMFC 6/8", "anonymous"),
        ("PMFC_24_10-Credo Ciconia 10", "Credo Ciconia 10, PMFC 24/10", "Johannes Ciconia"),
        ("PMFC_04-Cara mi donna", "Cara mi donna, PMFC 4", "Francesco Landini"),
        ("PMFC_12_10a-Credo PMFC12.10a", "Credo, PMFC 12/10a", "anonymous"),
        ("PMFC_06-Jacopo-02-Con-Gran-Furor", "Con Gran Furor, PMFC 6/2", "Jacopo da Bologna"),
        ("Fava_Dicant_nunc_iudei", "Fava Dicant nunc iudei", "anonymous"),
    ],
)  # fmt: skip
def test_title_and_composer_of_a_trecento_piece(stem: str, title: str, artist: str) -> None:
    assert trecento_piece(stem) == (title, artist)
