"""The ways in, one file per protocol: each decodes what its devices send, finds the key, answers in their language."""
