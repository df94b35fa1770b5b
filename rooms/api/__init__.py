"""The gallery's HTTP interface: one shape of answers, and ten views for drafts and rooms alike."""
