"""Deezer's set joined to music in Lakh's layout, on rows in the published form."""

from pathlib import Path

import pytest

from mood2music.catalog.deezer import COLUMNS, read_deezer, read_rows
from mood2music.errors import DataError

ROWS = [
    "213754,SORORTY12A67ADD67E,TRJIEJX12903CF2202,-2.0,0.5,Dark Tranquillity,Insanity's Crescendo",
    '216752,SOVJXGK12A8AE4760C,TRLBHVY128F4242C31,-1.0,2.5,Anorexia,"Stabat mater, dolorosa"',
    "532171,SOSDIDR12A8C130E5D,TRGVJCD128F42623E3,0.5,-1.5,Fiona Apple,Fast As You Can",
    "532216,SOPMTTO12AB0183DB9,TRNXMAY128F931FAC6,1.5,-0.5,Fiona Apple,I Know",
]


def deezer(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


def lakh(root: Path, place: str) -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_songs_with_music_are_joined_by_track(tmp_path: Path) -> None:
    csv = deezer(tmp_path / "train.csv", ROWS)
    lakh(tmp_path / "midi", "G/V/J/TRGVJCD128F42623E3/b.mid")
    first = lakh(tmp_path / "midi", "G/V/J/TRGVJCD128F42623E3/a.mid")
    lakh(tmp_path / "midi", "L/B/H/TRLBHVY128F4242C31/c.mid")
    songs = read_deezer(csv, tmp_path / "midi")
    assert [s.id for s in songs] == ["216752", "532171"]
    assert songs[0].title == "Stabat mater, dolorosa"
    assert songs[1].music == str(first)
    assert songs[1].artist == "Fiona Apple"
    assert songs[1].raw == (0.5, -1.5)


def test_axes_are_calibrated_over_songs_without_music_too(tmp_path: Path) -> None:
    csv = deezer(tmp_path / "train.csv", ROWS)
    lakh(tmp_path / "midi", "G/V/J/TRGVJCD128F42623E3/a.mid")
    (song,) = read_deezer(csv, tmp_path / "midi")
    # Third of four by valence, lowest of four by arousal.
    assert (song.valence, song.arousal) == (0.25, -0.75)
    (song,) = read_deezer(csv, tmp_path / "midi", "minmax")
    assert (song.valence, song.arousal) == (pytest.approx(3 / 7 * 1.0), -1.0)


def test_a_folder_gives_all_three_parts(tmp_path: Path) -> None:
    deezer(tmp_path / "train.csv", ROWS[:2])
    deezer(tmp_path / "test.csv", ROWS[2:3])
    deezer(tmp_path / "validation.csv", ROWS[3:])
    deezer(tmp_path / "other.csv", ROWS)
    assert [row.id for row in read_rows(tmp_path)] == ["213754", "216752", "532216", "532171"]


def test_no_music_at_all_names_the_layout_expected(tmp_path: Path) -> None:
    csv = deezer(tmp_path / "train.csv", ROWS)
    (tmp_path / "midi").mkdir()
    with pytest.raises(DataError, match=r"none of the 4 songs.*J/I/E/TRJIEJX12903CF2202/\*\.mid"):
        read_deezer(csv, tmp_path / "midi")
    with pytest.raises(DataError, match="lmd_matched"):
        read_deezer(csv, tmp_path / "gone")


def test_a_missing_set_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="deezer_mood_detection_dataset"):
        read_rows(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="deezer_mood_detection_dataset"):
        read_rows(tmp_path)


def test_all_faulty_lines_are_reported_together(tmp_path: Path) -> None:
    bad = ["1,S,TRAAAAA128F0000000,high,0,A,T", "2,S,../etc,0,0,A,T", "3,S,TRAAAAA128F1,inf,0,A,T"]
    csv = deezer(tmp_path / "x.csv", [ROWS[0], *bad])
    with pytest.raises(DataError, match="3 faults") as raised:
        read_rows(csv)
    for line in ("line 3", "line 4", "line 5"):
        assert line in str(raised.value)


def test_another_table_is_not_deezers(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,title\n1,One\n")
    with pytest.raises(DataError, match="lacks the column dzr_sng_id"):
        read_rows(tmp_path / "x.csv")


@pytest.mark.parametrize(
    "line",
    [
        f"1,2,TRGVJCD128F42623E3,0,0,Anon,{'a' * 200_000}",
        "1,2,TRGVJCD128F42623E3,0,0,Anon,a\0b",
        "1,2,TRGVJCD128F42623E3,nan,0,Anon,One",
        f"1,2,TRGVJCD128F42623E3,{'x' * 100_000},0,Anon,One",
        f"1,2,{'-' * 100_000},0,0,Anon,One",
    ],
)
def test_a_cell_amiss_is_said_in_one_short_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_text(",".join(COLUMNS) + "\n" + line + "\n")
    with pytest.raises(DataError) as caught:
        read_rows(path)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < len(str(path)) + 400
