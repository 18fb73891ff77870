"""Reads music files into notes, turns notes into events and back, and writes MIDI."""
