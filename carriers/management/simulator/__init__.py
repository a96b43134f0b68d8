"""Simulated carriers: a program of its own that speaks HTTP and knows nothing of our database."""
