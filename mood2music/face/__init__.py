"""Reads a Mood (valence, arousal) from a photo, and trains the networks that do it."""
