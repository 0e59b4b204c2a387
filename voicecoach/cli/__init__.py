"""The commands. stdout is data, stderr is talk."""
