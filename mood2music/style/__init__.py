"""Networks to a network between them: style as a direction in weight space."""
