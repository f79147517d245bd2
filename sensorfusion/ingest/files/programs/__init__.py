"""Files as known programs write them: recognised by their header or first rows, each with its ready meaning."""
