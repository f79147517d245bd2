"""What weather consoles call the quantities that they send, one table for each family of consoles."""
