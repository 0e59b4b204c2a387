"""What is asked: questions, rubrics, structures, read from TOML and checked."""
