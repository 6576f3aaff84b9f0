"""The command as a program that is started once: every call of it is a copy that has everything imported already.

A call is given what a process is given, words, environment, folder and the three streams, and ends as a process ends.
Left out is only what the interpreter does before `main()`, which takes longer than most commands do.

    started_program.py SOCKET                    the program; it ends with its standard input
    python -IS started_program.py SOCKET WORD …  a call of it, as `werdegang WORD …`
"""

import os
import select
import signal
import socket
import sys
import threading


def call(address: str, words: list[str]) -> int:
    """What stands in for the command on the path of a shell; it imports next to nothing, so it takes no time."""
    environment = [f"{name}={value}" for name, value in os.environ.items()]
    with socket.socket(socket.AF_UNIX) as program:
        program.connect(address)
        socket.send_fds(program, [b"."], [0, 1, 2])
        here = os.getcwd()  # noqa: PTH109  # pathlib takes long to import
        program.sendall(os.fsencode("\0".join([here, str(len(words)), *words, *environment])))
        program.shutdown(socket.SHUT_WR)
        code = program.recv(1)
    return code[0] if code else 128 + signal.SIGPIPE  # the only signal that ends a call


def answer(address: str) -> None:
    from adapters.cli import main

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a call but its caller
    with socket.socket(socket.AF_UNIX) as calls:
        calls.bind(address)
        calls.listen()
        while calls in select.select([calls, sys.stdin], [], [])[0]:
            caller, _ = calls.accept()
            if os.fork() == 0:
                calls.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                as_called(caller)
                try:
                    main()
                except SystemExit as end:
                    caller.sendall(bytes([int(end.code or 0)]))
                    raise
            caller.close()


def as_called(caller: socket.socket) -> None:
    """Makes this process what its caller asked for."""
    _, streams, _, _ = socket.recv_fds(caller, 1, 3)
    told = b"".join(iter(lambda: caller.recv(1 << 16), b""))
    folder, count, *rest = os.fsdecode(told).split("\0")
    words, environment = rest[: int(count)], rest[int(count) :]
    os.chdir(folder)
    os.environ.clear()
    for variable in environment:
        name, _, value = variable.partition("=")
        os.environ[name] = value
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process lasts
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = ["werdegang", *words]
    threading.Thread(target=end_with, args=[caller], daemon=True).start()


def end_with(caller: socket.socket) -> None:
    """A call that was ended ends what it had asked for, as one and the same process would: a server, say."""
    gone = select.poll()
    gone.register(caller, 0)  # nothing but that it is closed
    gone.poll()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    if sys.argv[2:]:
        sys.exit(call(sys.argv[1], sys.argv[2:]))
    answer(sys.argv[1])
