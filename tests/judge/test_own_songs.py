"""Songs of written pieces, and motifs shared with them."""

import json
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.files import checksum
from mood2music.isolate import Isolated
from mood2music.judge.own_songs import OwnSong, own_over_others, own_songs, read_songs
from mood2music.music.write import write_midi
from tests.judge.pieces import line

UP, DOWN, TURN = [60, 62, 64, 65, 67, 69], [72, 71, 69, 67, 65, 64], [60, 64, 60, 65, 60, 67]


def write_run(folder: Path, **told: object) -> None:
    folder.mkdir(parents=True)
    piece = {"files": ["piece.mid"], "seed_end": 48, "grid": 24}
    (folder / "run.json").write_text(json.dumps({"pieces": [piece], **told}))


def test_a_run_names_a_piece_of_the_corpus_or_a_file_by_its_content(tmp_path: Path) -> None:
    song = tmp_path / "song.mid"
    write_midi(line(UP), song)
    write_run(tmp_path / "w" / "1", song={"music": "corpus:bach/bwv66.6"})
    write_run(tmp_path / "w" / "2", midi={"name": "other.mid", "sha256": checksum(song)})
    write_run(tmp_path / "w" / "3", midi={"name": "gone.mid", "sha256": "0" * 64})
    write_run(tmp_path / "w" / "4", audio={"name": "a.wav"})
    write_run(tmp_path / "w" / "5", song={"music": "mine.mid"})
    found = own_songs(tmp_path / "w", [song])
    assert found == {
        "1/piece.mid": OwnSong("corpus:bach/bwv66.6", None, 2.0),
        "2/piece.mid": OwnSong(checksum(song), song, 2.0),
    }


def test_a_table_names_songs_too(tmp_path: Path) -> None:
    write_midi(line(UP), tmp_path / "song.mid")
    table = tmp_path / "songs.csv"
    table.write_text("path,song\na.mid,song.mid\nb.mid,corpus:bach/bwv66.6\nc.mid,gone.mid\n")
    found = own_songs(tmp_path)
    assert found["a.mid"] == OwnSong("song.mid", tmp_path / "song.mid", 0.0)
    assert found["b.mid"] == OwnSong("corpus:bach/bwv66.6", None, 0.0)
    assert "c.mid" not in found
    table.write_text("file,song\na.mid,song.mid\n")
    with pytest.raises(DataError, match="columns file, song: expected path and song"):
        own_songs(tmp_path)


def test_songs_are_read_once_and_bad_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad.krn").write_text("no music")
    write_midi(line(UP), tmp_path / "song.mid")
    song = OwnSong("good", tmp_path / "song.mid", 0.0)
    bad = OwnSong("bad", tmp_path / "bad.krn", 0.0)
    with Isolated() as child:
        read = read_songs({"a": song, "b": song, "c": bad}, child)
    assert list(read) == ["good"]
    assert read["good"].pitch.tolist() == UP


def test_pieces_after_their_songs_share_more_with_them() -> None:
    songs = {"up": line(UP), "turn": line(TURN)}
    # One motif of `up` in each: of two in the first piece, of two in the second.
    pieces = {"a": line([*UP[:5], 50]), "b": line([*UP[:5], 51])}
    own = {"a": OwnSong("up", None, 0.0), "b": OwnSong("turn", None, 0.0)}
    told = own_over_others(pieces, own, songs, rhythm=False)
    assert told is not None
    assert told[:2] == (1 / 4, 1 / 4)
    assert told[2].value == 1
    own = {"a": OwnSong("up", None, 0.0), "b": OwnSong("up", None, 0.0)}
    assert own_over_others(pieces, own, songs, rhythm=False) is None


def test_what_is_shared_with_no_other_song_has_no_ratio() -> None:
    songs = {"up": line(UP), "down": line(DOWN)}
    own = {"a": OwnSong("up", None, 0.0), "b": OwnSong("down", None, 0.0)}
    assert own_over_others({"a": line(UP), "b": line(DOWN)}, own, songs, rhythm=True) is None


def test_a_kept_seed_is_not_counted() -> None:
    songs = {"up": line(UP), "turn": line(TURN)}
    pieces = {"a": line([*UP, *TURN]), "b": line(UP)}
    own = {"a": OwnSong("up", None, 6.0), "b": OwnSong("turn", None, 0.0)}
    told = own_over_others(pieces, own, songs, rhythm=True)
    assert told is not None
    # Behind the seed `a` is the other's song; so is `b`.
    assert told[:2] == (0, 1)
