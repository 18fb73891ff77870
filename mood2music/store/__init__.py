"""Music files to one event store on disk: found, read in safety, kept by content, written."""
