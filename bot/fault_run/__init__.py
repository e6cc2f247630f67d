"""The fault run: real processes, killed at random, against a LINE that fails at random, and an account of who got what."""
