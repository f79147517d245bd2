"""What is written to the log: the id of each request, and lines of which there may be many."""
