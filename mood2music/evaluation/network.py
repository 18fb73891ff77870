"""Scores a network of events on pieces that it was not trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mood2music.command.settings import parse
from mood2music.evaluation.tables import filled
from mood2music.render.report import Table


def measure_network(
    name: str, data: Mapping[str, Any], count: int, seed: int, contexts: Sequence[int] = ()
) -> list[Table]:
    """Give bits an event and a note on pieces not trained on, beside n-grams of those that were.

    name: a shipped network ("lstm", "lstm_jazz") or a checkpoint; `data.include` and
    `data.exclude` choose among the pieces that are scored; contexts: events that are read before
    those of a second table, none for no such table.
    """
    from mood2music.generator import context_bits, score
    from mood2music.generator import network as networks
    from mood2music.generator.data_settings import MusicDataSettings
    from mood2music.generator.parts import included
    from mood2music.store.prepare import prepare
    from mood2music.style.shipped import locate, shipped

    styles = {path.stem: path for path in shipped()}
    network, header = networks.load(styles.get(name) or locate(name))
    trained = header.get("data", {}).get("settings", {})
    # The pieces have to be read as the network's own were.
    same = {key: trained[key] for key in ("grid", "quantize") if key in trained}
    store = prepare(parse(MusicDataSettings, {**data, **same}, "data"))
    # Pieces that were trained on stay: near copies are known by them, and n-grams learn them.
    include, exclude = data.get("include") or [], data.get("exclude") or []
    out = {
        row.file for row in score.unseen(store, header)[0] if not included(row, include, exclude)
    }
    store = replace(store, pieces=[row for row in store.pieces if row.file not in out])
    rows = score.measure(network, header, store, count, seed)
    by_context = context_bits.measure(network, header, store, contexts, max(count // 16, 1), seed)
    return [Table("network", [dict(row) for row in rows]), *filled(Table("contexts", by_context))]
