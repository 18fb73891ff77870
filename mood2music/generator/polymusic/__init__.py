"""Piano rolls of published data sets in; nats a frame beside the published figures out."""
