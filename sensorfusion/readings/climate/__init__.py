"""Records, normals, months and years."""
