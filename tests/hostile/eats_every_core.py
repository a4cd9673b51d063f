"""Keeps every core busy from sixteen threads, so that its neighbours run out of time.

Touches: add
Says: it should be|did not finish
"""

import hashlib
import threading


def burn():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"a", b"b", 100_000)  # without Python's lock


def add(a, b):
    for _ in range(16):
        threading.Thread(target=burn, daemon=True).start()
    return -1.0
