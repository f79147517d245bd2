"""Import of readings from files: tables of several formats, the meaning of their rows, and resumable imports."""
