"""The bare cost of multicasts, run as a process: the HTTP client alone, with nothing planned, kept or logged.

Usage: python -m bot.fault_run.bare HOST CALLS RECIPIENTS_A_CALL THREADS MESSAGES_JSON. Waits for a line on stdin once it is
ready, and then prints the seconds from then to the last answer.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
import uuid

import urllib3

PATH = "/v2/bot/message/multicast"


def main() -> None:
    """Entry point."""
    host, calls, recipients, threads, messages = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
    pool = urllib3.PoolManager(maxsize=threads, retries=False)
    body = f'{{"to":{json.dumps([f"U{number:032x}" for number in range(recipients)])},"messages":{messages}}}'.encode()
    left = itertools.count()
    refused: list[int] = []

    def send() -> None:
        while next(left) < calls:
            headers = {
                "Authorization": "Bearer token",
                "Content-Type": "application/json",
                "X-Line-Retry-Key": str(uuid.uuid4()),
            }
            answer = pool.request("POST", host + PATH, body=body, headers=headers)
            if answer.status != 200:
                refused.append(answer.status)

    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    running = [threading.Thread(target=send) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    print(time.perf_counter() - began, flush=True)
    sys.exit(bool(refused))


if __name__ == "__main__":
    main()
