"""Files to notes, notes to events, and back."""
