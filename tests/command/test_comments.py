from mood2music.command.comments import read_comments

TEXT = """\
# What it is,
# in two lines.
# python -m mood2music.train lr=0.1
defaults:
  - other  # not an option

lr: 0.001      # learning rate
name: "a # b"  # a quoted one
silent: 3
# Said above,
# in two lines.
steps: []      # of [a, b]: a # b
augment:       # A section.
  flip: 0.5    # probability
hydra:
  run: x       # not an option either
"""


def test_the_opening_is_told_apart_from_its_commands() -> None:
    said = read_comments(TEXT)
    assert said.opening == ["What it is,", "in two lines."]
    assert said.commands == ["python -m mood2music.train lr=0.1"]


def test_each_value_has_the_comment_behind_it() -> None:
    assert read_comments(TEXT).meanings == {
        "lr": "learning rate",
        "name": "a quoted one",
        "steps": "of [a, b]: a # b",
        "augment.flip": "probability",
    }


def test_a_comment_above_a_key_or_behind_a_section_is_a_paragraph() -> None:
    assert read_comments(TEXT).paragraphs == {
        "steps": "Said above, in two lines.",
        "augment": "A section.",
    }


def test_a_file_of_nothing_but_comments_has_its_opening() -> None:
    assert read_comments("# nothing\n").opening == ["nothing"]
    assert read_comments("").opening == []
