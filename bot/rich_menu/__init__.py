"""The menu under every chat: what it is (menu.py), how it gets to LINE (installing.py), how its image is drawn (drawing.py)."""
