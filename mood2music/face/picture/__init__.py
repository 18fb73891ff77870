"""Picture files to faces: decoding, detectors, crops."""
