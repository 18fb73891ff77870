from mood2music.command.option_names import names, options_of
from mood2music.files import CONFIGS


def test_options_are_told_once_by_their_dotted_names_with_those_of_every_choice() -> None:
    found = names("train", CONFIGS)
    assert {"seed", "model", "model.encoder.layers", "model.encoder.heads"} <= set(found)
    assert len(found) == len(set(found))
    assert not [name for name in found if name.startswith(("defaults", "hydra"))]


def test_a_choice_has_what_it_inherits_and_an_experiment_none_of_its_own() -> None:
    whole, tiny = (options_of(CONFIGS, "data", choice) for choice in ("corpus", "corpus_tiny"))
    assert set(whole) <= set(tiny)
    assert "data.limit" in tiny
    assert options_of(CONFIGS, "experiment", "paper/lstm") == []
