"""Reports as PDF, written by WeasyPrint in a child process; it comes with the extra `pdf`."""
