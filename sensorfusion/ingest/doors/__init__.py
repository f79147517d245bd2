"""The ways in, one file per protocol. A door decodes what its devices send, finds the key in it, and answers in their language."""
