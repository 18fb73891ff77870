"""Mixes networks into a network between them: style as a direction in weight space."""
