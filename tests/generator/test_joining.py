from mood2music.generator.joining import struck_anew
from mood2music.music.events import HELD, from_list


def test_what_a_section_begins_with_is_struck() -> None:
    events = from_list([((60 + HELD, 64), 6), ((60 + HELD,), 6)])
    assert struck_anew(events).as_list() == [((60, 64), 6), ((60 + HELD,), 6)]
    assert len(struck_anew(events[:0])) == 0
