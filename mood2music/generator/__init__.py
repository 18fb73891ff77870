"""Events to more events: the networks, what they are trained on, and how they are sampled."""
