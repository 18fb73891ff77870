"""Reads moods from photos with trained networks."""
