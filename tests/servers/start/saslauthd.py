"""Answers Cyrus's questions about passwords, in the manner of saslauthd: the password of a user is pw-<user>.

A request is four strings (user, password, service, realm), the reply is one; each with its length before it, as 16 bits
in network order. usage: saslauthd.py SOCKET
"""

import os
import socketserver
import struct
import sys


class Request(socketserver.StreamRequestHandler):
    def string(self):
        (length,) = struct.unpack("!H", self.rfile.read(2))
        return self.rfile.read(length).decode()

    def handle(self):
        user, password, _service, _realm = (self.string() for _ in range(4))
        answer = b"OK" if password == f"pw-{user}" else b"NO"
        self.wfile.write(struct.pack("!H", len(answer)) + answer)


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


with Server(sys.argv[1], Request) as server:
    os.chmod(sys.argv[1], 0o666)
    server.serve_forever()
