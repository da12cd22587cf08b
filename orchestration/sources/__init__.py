"""Source adapters: each kind of source writes the same contract tables."""
