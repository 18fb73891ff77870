"""Gives the page's look: fonts of the machine, contrasts of 4.5:1 or more in light and dark."""

import gradio as gr


def theme() -> gr.themes.Base:
    """Give the look; no font is fetched."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    plain = {
        "block_label_background_fill": "transparent",
        "block_label_border_width": "0px",
        "block_label_shadow": "none",
        "block_label_text_color": "*body_text_color",
        "block_title_background_fill": "transparent",
        "block_title_padding": "0px",
        "block_title_text_color": "*body_text_color",
        "block_title_text_weight": "500",
        "link_text_color": "#005f99",
        "link_text_color_hover": "#004a77",
        "link_text_color_visited": "#005f99",
        "link_text_color_active": "#004a77",
    }
    light_links = [name for name in plain if name.startswith("link")]
    dark = {f"{name}_dark": plain[name] for name in plain if "color" in name}
    dark |= {f"{name}_dark": "#7cc7f5" for name in light_links}
    both = {
        "button_primary_background_fill": "*primary_700",
        "button_primary_background_fill_hover": "*primary_800",
        "button_primary_text_color": "white",
        "button_primary_text_color_hover": "white",
        "checkbox_label_background_fill_selected": "*primary_700",
        "checkbox_label_text_color_selected": "white",
        "checkbox_background_color_selected": "*primary_700",
        "checkbox_border_color": "*neutral_500",
    }
    return gr.themes.Soft(
        primary_hue="orange",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        **plain,
        **dark,
        **both,
        **{f"{name}_dark": value for name, value in both.items()},
        block_label_background_fill_dark="transparent",
        button_secondary_background_fill_hover_dark="*neutral_700",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
    )
