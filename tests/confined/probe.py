"""Tries what a unit may refuse, one thing a line: NAME RESULT. `done`, or what the kernel answered instead.

usage: probe.py OPEN, a directory that everybody may write to (below it the tester has laid out what to try it on).
"""

import ctypes
import errno
import mmap
import os
import resource
import socket
import sys
import threading

OPEN = sys.argv[1]
libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    """A system call of x86-64 by its number."""
    if libc.syscall(ctypes.c_long(number), *(ctypes.c_ulong(argument) for argument in arguments)) == -1:
        raise OSError(ctypes.get_errno(), "")


def create(path, mode=0o666):
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, mode))


def special(path):
    os.close(os.open(path, os.O_WRONLY))


def own_namespace():
    with open("/proc/self/uid_map") as file:
        if file.read().split() == ["0", "0", "4294967295"]:
            return "done"
    return "own"


def setuid_file():
    state = os.environ["STATE_DIRECTORY"]
    create(f"{state}/probe")
    try:
        os.chmod(f"{state}/probe", 0o4600)
    finally:
        os.unlink(f"{state}/probe")


def mode_of_a_file():
    state = os.environ["STATE_DIRECTORY"]
    create(f"{state}/probe")
    mode = os.stat(f"{state}/probe").st_mode & 0o777
    os.unlink(f"{state}/probe")
    return f"{mode:04o}"


def threads():
    over = threading.Event()
    try:
        for _ in range(100):
            threading.Thread(target=over.wait, daemon=True).start()
    except RuntimeError:
        return "limited"
    finally:
        over.set()


def bind():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))


def control_groups():
    """Where there is version 1 as well, version 2 has a mount of its own."""
    unified = "/sys/fs/cgroup/unified"
    flags = os.statvfs(unified if os.path.exists(unified) else "/sys/fs/cgroup").f_flag
    return "EROFS" if flags & os.ST_RDONLY else "done"


def entries(path):
    os.listdir(path)


def exists(path):
    os.stat(path)


def family(number):
    socket.socket(number, socket.SOCK_RAW if number == socket.AF_NETLINK else socket.SOCK_STREAM).close()


def limit(kind):
    return str(resource.getrlimit(kind)[1])


PROBES = {
    "StateDirectory": lambda: create(os.environ["STATE_DIRECTORY"] + "/probe"),
    "UMask": mode_of_a_file,
    "ProtectSystem": lambda: create(f"{OPEN}/probe"),
    "ProtectHome": lambda: entries("/home/open"),
    "PrivateTmp": lambda: exists("/tmp/open"),
    "PrivateDevices": lambda: exists("/dev/open"),
    "DevicePolicy": lambda: special(f"{OPEN}/kmsg"),
    "PrivateUsers": own_namespace,
    "ProtectProc": lambda: exists("/proc/1"),
    "ProcSubset": lambda: exists("/proc/meminfo"),
    "ProtectControlGroups": control_groups,
    "InaccessiblePaths": lambda: entries("/srv"),
    "LockPersonality": lambda: call(135, 0x0040000),
    "MemoryDenyWriteExecute": lambda: mmap.mmap(-1, 4096, prot=7).close(),
    "RestrictNamespaces": lambda: call(272, 0x10000000),
    "RestrictSUIDSGID": setuid_file,
    "RestrictAddressFamilies": lambda: family(socket.AF_NETLINK),
    "SocketBindDeny": bind,
    "SystemCallFilter": lambda: call(101, 0),
    "SystemCallFilter-resources": lambda: os.setpriority(os.PRIO_PROCESS, 0, 1),
    "LimitNOFILE": lambda: limit(resource.RLIMIT_NOFILE),
    "LimitCORE": lambda: limit(resource.RLIMIT_CORE),
    "TasksMax": threads,
}

for name, probe in PROBES.items():
    try:
        result = probe() or "done"
    except OSError as error:
        result = errno.errorcode.get(error.errno, str(error))
    print(name, result, flush=True)
