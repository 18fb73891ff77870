from mood2music.evaluation.tables import figures_of
from mood2music.render.report import Table


def test_figures_are_named_after_their_table_and_row() -> None:
    of_several = Table("network", [{"model": "lstm", "bits": 7.5}, {"model": "trigram", "bits": 9}])
    tables = [of_several, Table("count", [{"faces": 2, "ok": True}]), Table("p", [{"path": "a"}])]
    assert figures_of(tables) == {
        "network/lstm/bits": 7.5, "network/trigram/bits": 9, "count/faces": 2,
    }  # fmt: skip
