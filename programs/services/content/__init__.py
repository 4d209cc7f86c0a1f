"""The content library: writing, publishing, telling the audience, receipts."""
