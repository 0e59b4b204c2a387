"""A card as a page of its own: one file that loads nothing."""
