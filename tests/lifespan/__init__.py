"""Applications before and after, driven under the versions that users have."""
