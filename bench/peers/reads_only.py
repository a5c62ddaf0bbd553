"""A receiver that reads what comes and throws it away: no receiver can be faster.

    reads_only.py PORT LOG

Writes to LOG, a line each, the moments (CLOCK_MONOTONIC, ns) at which it had read all there was.
"""

import select
import socket
import sys
import time


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    connection = listener.accept()[0]
    connection.setblocking(False)
    room = memoryview(bytearray(1 << 20))
    with open(sys.argv[2], "w", encoding="ascii", buffering=1) as log:
        while True:
            try:
                if not connection.recv_into(room):
                    return
            except BlockingIOError:
                log.write(f"{time.monotonic_ns()}\n")
                select.select([connection], [], [])


if __name__ == "__main__":
    main()
