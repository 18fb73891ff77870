"""Reads labelled pictures into tables of small grey faces, and splits them for training."""
