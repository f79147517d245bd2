"""Reports of what has states: how often a door was open and for how long, when a pump ran, what a mode was."""
