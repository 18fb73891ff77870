"""Labelled pictures to tables of small grey faces, split and fed to training."""
