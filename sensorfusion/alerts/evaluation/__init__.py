"""Evaluation of alert rules: one watcher among all processes, driven by what was committed and by the clock."""
