"""What every page's frame says of sensors."""
