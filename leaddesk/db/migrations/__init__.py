"""The way from each schema to the next, one revision a version."""
