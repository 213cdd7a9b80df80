"""Runs a command with standard error on a terminal, and prints what came there.

    terminal.py TIME COMMAND…

Into the file TIME goes how many milliseconds it took.
"""

import os
import pty
import sys
import time

begun = time.monotonic()
child, terminal = pty.fork()
if child == 0:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.execvp(sys.argv[2], sys.argv[2:])
said = b""
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    said += part
os.waitpid(child, 0)
with open(sys.argv[1], "w") as file:
    print(int((time.monotonic() - begun) * 1000), file=file)
sys.stdout.buffer.write(said)
