"""Making an account with its first site: by sign-up, by an invitation, by a link, and the first of an installation."""
