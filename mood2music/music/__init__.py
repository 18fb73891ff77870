"""Reads music files into notes (`formats`), turns notes into events and back, writes MIDI."""
