"""A photo comes in, a Mood (valence, arousal) goes out; and what trains the networks that do it."""
