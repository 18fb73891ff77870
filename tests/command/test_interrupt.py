"""interrupt.py: the first signal waits for the end of a step, the second does not."""

import pickle
import signal
import threading

import pytest

from mood2music.command.interrupt import Interrupted, Request, listening


@pytest.mark.parametrize(
    ("number", "name", "code"), [(signal.SIGINT, "Ctrl-C", 130), (signal.SIGTERM, "SIGTERM", 143)]
)
def test_the_first_signal_is_obeyed_when_the_work_asks(
    number: signal.Signals, name: str, code: int
) -> None:
    with listening() as request:
        request.obey()
        signal.raise_signal(number)
        assert request.name == name
        with pytest.raises(Interrupted, match=f"stopped by {name}") as stopped:
            request.obey()
    assert stopped.value.exit_code == code


def test_the_second_signal_is_obeyed_at_once() -> None:
    with listening():
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Interrupted) as stopped:
            signal.raise_signal(signal.SIGINT)
    assert stopped.value.exit_code == 130


def test_the_handlers_are_put_back() -> None:
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    with listening():
        assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] != before
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_thread_hears_nothing_and_works() -> None:
    heard: list[Request] = []

    def work() -> None:
        with listening() as request:
            request.obey()
            heard.append(request)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [request.number for request in heard] == [None]


def test_an_interruption_travels_between_processes() -> None:
    sent = pickle.loads(pickle.dumps(Interrupted("stopped by Ctrl-C", 2)))
    assert (str(sent), sent.exit_code) == ("stopped by Ctrl-C", 130)
