"""One module for each step, named like it. Steps never see one another."""
