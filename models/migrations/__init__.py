"""Every step the database schema took, in order; `models.migrate` applies them."""
