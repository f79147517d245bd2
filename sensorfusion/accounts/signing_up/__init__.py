"""New accounts before they exist: invitations by administrators, links to confirm, the code of a new installation."""
