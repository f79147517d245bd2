"""Reads files whose size says nothing of their content in a child process with limits of memory and time."""
