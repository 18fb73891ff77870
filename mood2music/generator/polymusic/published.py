"""Lists published nats a frame on the same test splits, each with its source."""

from typing import NamedTuple


class Published(NamedTuple):
    """A row of the literature.

    chord: how a frame's pitches are modelled, "independent" or "one by one"; jsb, nottingham: nats
    a frame, lower is better.
    """

    model: str
    chord: str
    jsb: float
    nottingham: float
    source: str


TABLE = (
    Published("LSTM", "independent", 8.45, 3.29, "Bai et al. 2018, arXiv 1803.01271, table 1"),
    Published("TCN", "independent", 8.10, 3.07, "Bai et al. 2018, arXiv 1803.01271, table 1"),
    Published("RRU", "independent", 7.72, 2.92, "Zakovskis et al. 2021, arXiv 2108.00527"),
    Published(
        "RNN-NADE", "one by one", 5.56, 2.31,
        "Boulanger-Lewandowski et al. 2012, arXiv 1206.6392, table 1",
    ),
)  # fmt: skip
