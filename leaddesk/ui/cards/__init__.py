"""The cards of leads and clients."""
