"""How fast the platform is, against bare peers in the same run; see README.md here."""
