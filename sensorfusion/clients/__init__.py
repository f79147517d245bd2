"""What devices and programs send with: files that work by themselves, handed out as they are. None needs Django."""
