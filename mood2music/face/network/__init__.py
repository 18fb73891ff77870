"""Defines networks from a face to its mood or expression: settings, backbones, checkpoints."""
