"""The steps, in one line: file names begin with their number."""
