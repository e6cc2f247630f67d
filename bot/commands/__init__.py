"""The commands of `lertrat`, a module each; bot/cli.py loads them by name."""
