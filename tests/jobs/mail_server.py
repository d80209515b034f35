"""A mail server of a test's own: takes whatever it is sent and keeps it."""

import socket
import socketserver
import threading


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 ready")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
            elif word == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _letter(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).decode()

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on the port it is given, so that one can be away and come back."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), _Conversation)
        self.letters = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()


def free_port():
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return asking.getsockname()[1]
