from mood2music.evaluation.tables import figures_of
from mood2music.render.report import Table


def test_figures_are_named_after_their_table_and_row() -> None:
    of_several = Table("network", [{"model": "lstm", "bits": 7.5}, {"model": "trigram", "bits": 9}])
    tables = [of_several, Table("count", [{"faces": 2, "ok": True}]), Table("p", [{"path": "a"}])]
    assert figures_of(tables) == {
        "network/lstm/bits": 7.5, "network/trigram/bits": 9, "count/faces": 2,
    }  # fmt: skip


def test_every_row_has_its_figures() -> None:
    beside = [{"group": "all", "measure": name, "mean": n} for n, name in enumerate("ab", 1)]
    contexts = [{"context": 32, "bits": 7.5}, {"context": 64, "bits": 7.25}]
    found = figures_of([Table("beside", beside), Table("contexts", contexts)])
    assert (found["beside/all/a/mean"], found["beside/all/b/mean"]) == (1, 2)
    assert (found["contexts/32/bits"], found["contexts/64/bits"]) == (7.5, 7.25)
