"""Makes one event store on disk from music files: found, read in safety, kept by content."""
