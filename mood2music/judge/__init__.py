"""Notes to measures: statistics, mood."""
