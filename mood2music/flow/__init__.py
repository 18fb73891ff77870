"""Walks from what is asked to what is written, one call a stage."""
