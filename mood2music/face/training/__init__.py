"""Teaches a face network: augmentation, losses, the Lightning task."""
