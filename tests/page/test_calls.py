import json
from pathlib import Path
from typing import Any

import pytest

from mood2music.errors import InputError
from mood2music.page.calls import cancelling, checked, read_json

UPLOADS = Path("/folder/uploads")
FUNCTIONS = {3: [False, False], 4: [True]}
CALL = {"fn_index": 3, "session_hash": "abc", "data": [1, "a"]}


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff\xfe", b"'a'", b"[" * 100_000, b'{"a": NaN}', b"[Infinity]"),
        *(
            b"[-Infinity]",
            b"[1e999]",
            b"[-1e999]",
            b"[" + b"9" * 400 + b"]",
            b"[1" + b"0" * 20 + b"]",
        ),
    ],
)
def test_what_is_no_json_or_no_number_is_said(body: bytes) -> None:
    with pytest.raises(InputError, match="the page was sent"):
        read_json(body)


def test_a_call_keeps_what_is_needed_of_it() -> None:
    sent = {**CALL, "trigger_id": 7, "event_id": "x", "oauth_token": "x", "batched": True}
    assert checked(sent, FUNCTIONS, UPLOADS) == {**CALL, "trigger_id": 7}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        *((x, "calls none of its functions") for x in (None, 1, "a", [], True)),
        *(({**CALL, "fn_index": x}, "no function of that number") for x in (9, -1, "3", 3.0, None)),
        ({**CALL, "fn_index": True}, "no function of that number"),
        ({**CALL, "fn_index": [3]}, "no function of that number"),
        *(({**CALL, "session_hash": x}, "no name of a session") for x in ("", 1, None, "a/b", "é")),
        ({**CALL, "session_hash": "a" * 65}, "no name of a session"),
        *(({**CALL, "data": x}, "takes 2 values") for x in ([], [1], [1, 2, 3], {}, "ab", None)),
    ],
)
def test_what_is_no_call_is_said(wrong: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        checked(wrong, FUNCTIONS, UPLOADS)


@pytest.mark.parametrize(
    "given",
    [
        *(1, "a", [], {}, {"path": 1}, {"path": None}, {"path": "/etc/passwd"}, {"path": ""}),
        *({"path": p} for p in ("/folder/uploads/../x", "/folder/uploads", "uploads/a", "a\0b")),
        {"path": "/folder/uploads/" + "a" * 1000},
        {"url": "http://localhost/"},
    ],
)
def test_a_file_is_one_that_was_uploaded(given: Any) -> None:
    with pytest.raises(InputError, match="no file sent to this page"):
        checked({**CALL, "fn_index": 4, "data": [given]}, FUNCTIONS, UPLOADS)


def test_of_a_file_its_path_is_taken_alone() -> None:
    sent = {"path": "/folder/uploads/1/me.jpg", "url": "http://x", "is_stream": True}
    call = checked({**CALL, "fn_index": 4, "data": [sent]}, FUNCTIONS, UPLOADS)
    assert call["data"][0]["orig_name"] == "me.jpg"
    assert "url" not in call["data"][0]
    assert checked({**CALL, "fn_index": 4, "data": [None]}, FUNCTIONS, UPLOADS)["data"] == [None]


@pytest.mark.parametrize("wrong", [None, [], {"event_id": 1}, {"session_hash": ["a"]}])
def test_only_a_call_is_ended(wrong: Any) -> None:
    with pytest.raises(InputError):
        cancelling(wrong)
    assert json.dumps(cancelling({"event_id": "a", "session_hash": "b", "fn_index": 2}))


def test_where_several_files_go_each_is_one_that_was_uploaded() -> None:
    def sent(files: object) -> Any:
        call = {**CALL, "fn_index": 5, "data": [files]}
        return checked(call, {5: [2]}, UPLOADS)["data"][0]

    good = {"path": "/folder/uploads/1/a.mid"}
    assert [file["orig_name"] for file in sent([good, good])] == ["a.mid", "a.mid"]
    for wrong in ([good, {"path": "/etc/passwd"}], [[good]], ["a"]):
        with pytest.raises(InputError, match="no file sent to this page"):
            sent(wrong)
    with pytest.raises(InputError, match="61 files are too many"):
        sent([good] * 61)
