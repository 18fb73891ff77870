"""Measures photos, networks and pieces, and gives tables."""
