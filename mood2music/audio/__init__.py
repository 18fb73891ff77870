"""Turns a recording into notes on a grid: sound, posteriorgrams, note events, cleaning, beats."""
