import hashlib
from pathlib import Path

from mood2music.checksum import checksum, facts


def test_a_checksum_is_sha_256_whatever_the_length(tmp_path: Path) -> None:
    # FIPS 180-2, appendix B.1, then lengths around the block that is read at once.
    (tmp_path / "abc").write_bytes(b"abc")
    assert checksum(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    for length in (0, (1 << 20) - 1, 1 << 20, (1 << 20) + 1):
        content = bytes(range(256)) * (length // 256) + b"x" * (length % 256)
        (tmp_path / "long").write_bytes(content)
        assert checksum(tmp_path / "long") == hashlib.sha256(content).hexdigest()


def test_facts_name_the_file_and_not_its_folder(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(b"abc")
    told = facts(tmp_path / "me.jpg")
    assert told == {"name": "me.jpg", "sha256": checksum(tmp_path / "me.jpg")}
