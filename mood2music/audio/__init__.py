"""A recording to notes on a grid: sound, posteriorgrams, note events, cleaning, beats."""
