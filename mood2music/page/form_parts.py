"""Lays out the fields that shape a piece: style, players, song, form, and a style of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mood2music.music.read import SUFFIXES
from mood2music.page.blocks import as_uploaded
from mood2music.page.form import CANDIDATES, FASTEST, GOALS, KEYS, STRENGTH, TEMPERATURE, UNITS
from mood2music.page.players import INSTRUMENTS, PATTERNS, SCORES
from mood2music.page.settings import AppSettings

# Seconds that a piece is asked to last unless a visitor says otherwise.
LENGTH = 30


@dataclass(frozen=True)
class FormParts:
    """How the piece is shaped; fields: in the order that Writing.write takes them.

    typed: the fields whose values can be wrong; told: where that is said; strengths: of styles;
    own: strength of a style of one's own.
    """

    fields: list[Any]
    typed: list[Any]
    told: gr.HTML
    strengths: list[Any]
    own: gr.Slider


@dataclass(frozen=True)
class StyleParts:
    """A style from files of one's own: the files, the buttons, what is said."""

    files: Any
    learn: gr.Button
    stop: gr.Button
    told: gr.HTML


def form_part(most: AppSettings, styles: Sequence[str], models: list[str]) -> FormParts:
    """Lay out what is asked of the piece."""
    gr.Markdown("## The style")
    strengths, own = strength_fields(styles)
    gr.Markdown("## Players and score")
    instrument, pattern, score = player_fields()
    gr.Markdown("## What it has of the song")
    theme, keep_seed = song_fields()
    gr.Markdown("## Where it leads")
    goal = gr.Radio(
        list(GOALS), value=next(iter(GOALS)), show_label=False, label="Goal", elem_id="goal"
    )
    gr.Markdown("## The form")
    length, unit, sections, variants = extent_fields(most)
    key, tempo = pitch_and_pace_fields()
    told = gr.HTML("", elem_id="form-said")
    heat, model = network_fields(models)
    cadence = gr.Checkbox(
        True, label="End as a piece ends", min_width=120, elem_id="cadence",
        info="On its home chord, at a bar line; else where the length is reached.",
    )  # fmt: skip
    pick = gr.Checkbox(
        False, label=f"Write {CANDIDATES}, keep the one nearest to the mood", min_width=120,
        elem_id="pick",
    )  # fmt: skip
    fields = [
        model, length, unit, heat, sections, key, tempo, variants, keep_seed, goal, pick,
        theme, pattern, instrument, score, cadence, *strengths, own,
    ]  # fmt: skip
    return FormParts(fields, [sections, tempo, length, unit], told, strengths, own)


def strength_fields(styles: Sequence[str]) -> tuple[list[gr.Slider], gr.Slider]:
    """Lay out how much of each style is blended in, and of one's own, which is not there yet."""
    strengths = [
        gr.Slider(*STRENGTH, value=float(name == "jazz"), step=0.1, label=name.capitalize())
        for name in styles
    ]
    own = gr.Slider(
        *STRENGTH, value=0.0, step=0.1, label="Your own style", visible=False, elem_id="own-style"
    )
    return strengths, own


def player_fields() -> tuple[gr.Dropdown, gr.Dropdown, gr.Radio]:
    """Lay out who plays the tune, what goes under it, and what is printed."""
    with gr.Row():
        instrument = chosen_of(
            INSTRUMENTS, "Who plays the tune",
            "Over a piano, or with the style's band. Can be changed later.", "instrument",
        )  # fmt: skip
        pattern = chosen_of(
            PATTERNS, "Accompaniment", "What is put under the tune. Low tunes stay alone.",
            "accompany",
        )  # fmt: skip
    score = gr.Radio(
        list(SCORES), value=next(iter(SCORES)), label="Printed as", elem_id="score",
        info="A lead sheet is the tune with chord symbols. Can be changed later.",
    )  # fmt: skip
    return instrument, pattern, score


def song_fields() -> tuple[gr.Slider, gr.Checkbox]:
    """Lay out how much of the song comes back, and whether the piece opens with its notes."""
    theme = gr.Slider(
        0, 1, value=0.5, step=0.1, label="How much comes back", elem_id="theme",
        info="0: only its key and pace; 0.5: passages of it between new ones; 1: variations.",
    )  # fmt: skip
    keep_seed = gr.Checkbox(
        True, label="Open with the song's notes", min_width=120, elem_id="keep-seed",
        info="They come on top of the length.",
    )  # fmt: skip
    return theme, keep_seed


def extent_fields(most: AppSettings) -> tuple[gr.Number, gr.Dropdown, gr.Textbox, gr.Slider]:
    """Lay out length and its unit, sections, and how many variants."""
    with gr.Row():
        length = gr.Number(
            min(LENGTH, most.seconds), label="Length", step=1, min_width=110, elem_id="length"
        )
        unit = gr.Dropdown(
            list(UNITS), value=next(iter(UNITS)), label="in", min_width=110, elem_id="unit"
        )
    with gr.Row():
        sections = gr.Textbox(
            "", label="Sections", placeholder="A B A2 C A3", min_width=120,
            elem_id="sections", info="A letter each, a number where it comes back varied.",
        )  # fmt: skip
        variants = gr.Slider(
            1, most.variants, value=min(2, most.variants), step=1, label="Variants", min_width=120,
            elem_id="variants",
        )  # fmt: skip
    return length, unit, sections, variants


def pitch_and_pace_fields() -> tuple[gr.Dropdown, gr.Number]:
    """Lay out key and tempo."""
    with gr.Row():
        key = gr.Dropdown(
            KEYS, value=KEYS[0], label="Key signature", min_width=120,
            info="C is C major, or A minor.",
        )  # fmt: skip
        tempo = gr.Number(
            0, label="Tempo in bpm", minimum=0, maximum=FASTEST, min_width=120, elem_id="tempo",
            info="0: as the mood has it, or your own file.",
        )  # fmt: skip
    return key, tempo


def network_fields(models: list[str]) -> tuple[gr.Slider, gr.Dropdown]:
    """Lay out how bold what is written is, and by which network."""
    with gr.Row():
        heat = gr.Slider(
            *TEMPERATURE, value=0.85, step=0.05, label="Temperature", min_width=120,
            info="Low: safe; high: bold.",
        )  # fmt: skip
        model = gr.Dropdown(
            models, value=models[0], label="Network", min_width=120, info="lstm, unless to compare."
        )
    return heat, model


def chosen_of(choices: Iterable[str], label: str, info: str, name: str) -> gr.Dropdown:
    """Lay out one of several names, the first at first."""
    names = list(choices)
    return gr.Dropdown(names, value=names[0], label=label, info=info, min_width=200, elem_id=name)


def style_part() -> StyleParts:
    """Lay out the style that is learnt from files of one's own."""
    gr.Markdown("## A style of your own")
    files = gr.File(
        label="Ten pieces or more, or a zip",
        file_count="multiple",
        file_types=[*SUFFIXES, ".zip"],
        type="filepath",
        height=150,
        elem_id="style-files",
    )
    with gr.Row():
        learn = gr.Button("Learn their style", size="sm", elem_id="learn")
        stop = gr.Button("Stop learning", size="sm", visible=False, elem_id="stop-learning")
    told = gr.HTML("", elem_id="style-said")
    return StyleParts(as_uploaded(files), learn, stop, told)
