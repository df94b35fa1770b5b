"""Services change more than one row at once: uploads, galleries, drafts, cleanup. None takes a request."""
