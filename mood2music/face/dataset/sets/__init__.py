"""Holds the data sets of faces that can be chosen: a module each, and each registers its own."""
