"""Measures pieces: statistics, mood by a formula, loops, repeats, and how new the music is."""
