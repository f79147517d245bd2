"""The shared page of a site, by link or public, and the front page with the public ones."""
