"""Client libraries for devices and programs: self-contained files that users copy. None of them needs Django."""
