"""Finds faces in picture files: decoding, detectors, crops."""
