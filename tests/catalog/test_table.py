"""Tables of songs: written, read back, and their faults reported together."""

from pathlib import Path

import pytest

from mood2music.catalog.song import Song
from mood2music.catalog.table import COLUMNS, read_table, write_table
from mood2music.errors import DataError
from mood2music.mood import Mood

SONGS = [
    Song("a#1", 'Ré, "ut"', "Anon", "folk", Mood(0.25, -1.0), "formula", "D minor", 90.0,
         "corpus:bach/bwv66.6", (0.11, -0.42), 2.75),
    Song("b", "Two", "", "", Mood(1.0, 0.5), "hand", "", 0.0, "/music/two.mid", (1.0, 0.5)),
]  # fmt: skip


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_written_and_read_back_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "below" / "songs.csv"
    write_table(path, SONGS)
    assert read_table(path) == SONGS
    assert path.read_text().splitlines()[0] == ",".join(COLUMNS)
    assert [p.name for p in path.parent.iterdir()] == ["songs.csv"]


def test_five_columns_are_enough_and_music_lies_beside_the_table(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", "id,title,valence,arousal,music", "1,One,0.5,-0.5,one.mid")
    (song,) = read_table(path)
    assert song.music == str(tmp_path / "one.mid")
    assert song.raw == (0.5, -0.5)
    assert (song.tempo, song.key, song.style, song.voices) == (0.0, "", "", 0.0)


def test_a_spreadsheets_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbfid,title,valence,arousal,music\r\n1,One,0,0,one.mid\r\n")
    assert read_table(path)[0].id == "1"


def test_all_faults_are_reported_together_with_their_lines(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv",
        "id,title,valence,arousal,tempo,voices,music",
        "1,One,0.5,0.5,,,one.mid",
        "2,Two,1.5,0.5,,,two.mid",
        "1,Three,0,0,,,three.mid",
        "4,,0,0,,,four.mid",
        "5,Five,loud,0,,,five.mid",
        "6,Six,0,0,-3,,six.mid",
        "7,Seven,0,0,,-1,seven.mid",
    )
    with pytest.raises(DataError, match="6 faults in 7 rows") as raised:
        read_table(path)
    text = str(raised.value)
    for part in (
        "line 3: mood has valence 1.5",
        'line 4: id "1" stands there twice',
        "line 5: title is empty",
        'line 6: valence is "loud"',
        "line 7: tempo is -3",
    ):
        assert part in text
    assert "\n" not in text


def test_a_long_list_of_faults_is_counted_not_recited(tmp_path: Path) -> None:
    rows = [f"{i},T{i},9,0,x.mid" for i in range(50)]
    path = table(tmp_path / "t.csv", "id,title,valence,arousal,music", *rows)
    with pytest.raises(DataError, match=r"50 faults .* and 45 more"):
        read_table(path)


def test_nan_is_no_mood(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", "id,title,valence,arousal,music", "1,One,nan,0,one.mid")
    with pytest.raises(DataError, match="line 2: mood has valence nan"):
        read_table(path)


def test_missing_file_column_and_rows_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no catalog table at"):
        read_table(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="lacks the column arousal, music"):
        read_table(table(tmp_path / "a.csv", "id,title,valence", "1,One,0"))
    with pytest.raises(DataError, match="no songs below its heading"):
        read_table(table(tmp_path / "b.csv", "id,title,valence,arousal,music"))


def test_a_binary_file_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xff\xfe\x00\x01" * 9)
    with pytest.raises(DataError, match="not a CSV table in UTF-8"):
        read_table(path)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("column", ["valence_raw", "arousal_raw", "tempo", "valence"])
def test_a_number_that_is_not_finite_is_a_fault(column: str, value: str, tmp_path: Path) -> None:
    head = "id,title,valence,arousal,music" + ("" if column == "valence" else f",{column}")
    cells = f"1,One,{value},0,one.mid" if column == "valence" else f"1,One,0,0,one.mid,{value}"
    with pytest.raises(DataError, match=rf"line 2: .*{column.removesuffix('_raw')}"):
        read_table(table(tmp_path / "t.csv", head, cells))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"1,{'a' * 200_000},0,0,one.mid", "field larger than field limit"),
        ("1,a\0b,0,0,one.mid", "NUL|zero byte"),
        ("1,One,0,0,one\0.mid", "NUL|zero byte"),
        (f"1,One,{'9x' * 50_000},0,one.mid", 'valence is "9x9x'),
        ('1,One,"a\nb",0,one.mid', r'line 3: valence is "a\?b"'),
    ],
)
def test_a_cell_amiss_is_said_in_one_short_line(row: str, said: str, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", "id,title,valence,arousal,music", row)
    with pytest.raises(DataError, match=said) as caught:
        read_table(path)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < len(str(path)) + 200


def test_a_folder_and_another_encoding_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for encoding in ("utf-16", "latin-1"):
        path.write_bytes("id,title,valence,arousal,music\n1,Été,0,0,one.mid\n".encode(encoding))
        with pytest.raises(DataError, match="not a CSV table in UTF-8"):
            read_table(path)
    with pytest.raises(DataError, match="no catalog table at"):
        read_table(tmp_path)
