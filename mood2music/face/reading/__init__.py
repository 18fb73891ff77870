"""Trained networks and photos to moods."""
