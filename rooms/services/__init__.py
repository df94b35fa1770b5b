"""What changes more than one thing at once: uploads, galleries, drafts, cleanup. No request comes in here."""
