"""The only place that constructs engines, each on first use."""
