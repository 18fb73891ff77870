"""Events to the events behind them: contexts read step by step, each event drawn under limits."""
