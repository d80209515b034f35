"""A mail backend slow enough to be killed in the middle."""

import time

from django.core.mail.backends.filebased import EmailBackend as FileBackend


class EmailBackend(FileBackend):
    def send_messages(self, messages):
        time.sleep(4)
        return super().send_messages(messages)
