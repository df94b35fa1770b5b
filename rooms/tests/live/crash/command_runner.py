"""Runs management commands, each in a process forked from a warm one and watched from its start.

Speaks over its pipes: the command's words in, the new process's id out, "go" in, its exit status out.
"""

import os

import django
from django.core.management import call_command


def serve() -> None:
    django.setup()
    while words := os.read(0, 1000).decode().split():
        child = os.fork()
        if child == 0:
            os.read(0, len("go"))
            call_command(*words, stdout=open(os.devnull, "w"))  # noqa: SIM115  # the process ends with it
            os._exit(0)
        os.write(1, f"{child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"{status}\n".encode())


if __name__ == "__main__":
    serve()
