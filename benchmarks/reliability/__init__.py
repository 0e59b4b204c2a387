"""What survives: kills, faults and load, each with its command."""
