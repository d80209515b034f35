"""Runs a program that refuses to be root, when root is who we are, changing nothing on the machine.

    python tools/unprivileged.py MODE PROGRAM [ARGUMENT ...]

PostgreSQL will not start as root. Its own files may lie under a folder that only root can enter, so becoming
another user is not enough, and opening the folder would be a change nobody asked for. Three ways, best first:

`namespace`   a user namespace in which root's own id goes by the name 65534. The kernel still sees root's id,
              so no file changes hands and no folder needs opening, but the program has no privilege.
`capability`  the id of `nobody`, keeping only the right to pass by file permissions (CAP_DAC_OVERRIDE).
              For containers that forbid user namespaces. Its data folder must belong to `nobody`.
`plain`       the id of `nobody` and nothing else. Needs every parent folder to be passable.
"""

import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _must(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _enter_namespace():
    uid, gid = os.getuid(), os.getgid()
    _must(_libc().unshare(CLONE_NEWUSER))
    with open("/proc/self/setgroups", "w") as file:
        file.write("deny")
    with open("/proc/self/uid_map", "w") as file:
        file.write(f"{NOBODY} {uid} 1")
    with open("/proc/self/gid_map", "w") as file:
        file.write(f"{NOBODY} {gid} 1")


def _become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _become_nobody_past_permissions():
    libc = _libc()
    _must(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    _become_nobody()
    bit = 1 << CAP_DAC_OVERRIDE
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    data = (_CapabilityData * 2)(_CapabilityData(bit, bit, bit), _CapabilityData(0, 0, 0))
    _must(libc.capset(ctypes.byref(header), ctypes.byref(data)))
    _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


MODES = {
    "namespace": _enter_namespace,
    "capability": _become_nobody_past_permissions,
    "plain": _become_nobody,
}

if __name__ == "__main__":
    MODES[sys.argv[1]]()
    os.execv(sys.argv[2], sys.argv[2:])
