"""What the judge learns from, besides the bank."""
