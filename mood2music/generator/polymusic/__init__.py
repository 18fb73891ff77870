"""Measures networks on published piano rolls, in nats a frame, beside the published figures."""
