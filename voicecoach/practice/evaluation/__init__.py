"""How well the judge judges: measured on answers that people have labelled."""
