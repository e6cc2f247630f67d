"""A stand-in for the LINE platform with a chat page, for development and tests only.

It is a process of its own (`python -m bot.simulator`) that answers LINE's API, sends signed webhooks and shows the chats
at `/`. It serves and calls loopback addresses only, and starts only where LERTRAT_SIMULATOR=1 says that this is
development; nothing of the bot imports it.
"""
