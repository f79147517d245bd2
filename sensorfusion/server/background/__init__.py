"""Threads of a server process that do long work, such as writing exports."""
