"""A week of practice, lived by a program: what it leaves in history, schedule and plots."""
