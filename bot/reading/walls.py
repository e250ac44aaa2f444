"""The walls around a process that opens untrusted files, raised in two steps.

`enter` comes first: from then on nothing is written, no program started, nobody outside signalled and no network
reached, while loading goes on. `shut` comes when everything is loaded: no file, socket or process is opened any more.
Each wall stands where the system has it (seccomp and Landlock are Linux's); where one is missing the others stand.
Imports nothing of the product.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

FILES = "ban on opening files and connections"
# Shown in /proc: the first to be ended when the machine runs out of memory.
_FIRST = "1000"

# prctl
_DUMPABLE, _NAME, _NO_NEW_PRIVILEGES = 4, 15, 38
# Capabilities: those that an administrator keeps, to load from folders of other users; the version of the call.
_KEPT, _CAPABILITIES = 0b110, 0x20080522
# Landlock: rights on files by the version that brought them, all but reading files and folders; TCP, scopes.
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT, _ASK_VERSION = 444, 446, 1
_RIGHTS = ((5, 0xFFF3), (3, 0x7FF3), (2, 0x3FF3), (1, 0x1FF3))
_TCP_SINCE, _SCOPES_SINCE, _BOTH = 4, 6, 0b11
# seccomp: a filter is a small program over the number, the architecture and the arguments of a call.
_SET_FILTER, _ALL_THREADS, _CLONE_THREAD = 1, 1, 0x10000
_LOAD, _IF_EQUAL, _IF_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_KILL, _ALLOW, _NOT_PERMITTED, _UNKNOWN = 0x80000000, 0x7FFF0000, 0x00050001, 0x00050026
# What computing needs when all is loaded: memory, time, threads of its own, the pipes that are open. The numbers are
# those of x86_64 and aarch64; the latter has no alarm of its own and takes setitimer.
_FREE = (
    "read 0 63, write 1 64, close 3 57, lseek 8 62, fstat 5 80, mmap 9 222, munmap 11 215, mremap 25 216, "
    "mprotect 10 226, madvise 28 233, brk 12 214, futex 202 98, set_robust_list 273 99, rseq 334 293, "
    "membarrier 324 283, rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, sigaltstack 131 132, "
    "restart_syscall 219 128, exit 60 93, exit_group 231 94, sched_yield 24 124, sched_getaffinity 204 123, "
    "getcpu 309 168, clock_gettime 228 113, clock_nanosleep 230 115, nanosleep 35 101, gettimeofday 96 169, "
    "setitimer 38 103, getrandom 318 278, getrlimit 97 163, setrlimit 160 164, getrusage 98 165, getpid 39 172, "
    "getppid 110 173, gettid 186 178, epoll_wait 232 22, sysinfo 99 179, uname 63 160, alarm 37 103"
)
# These only with the right first argument.
_GUARDED = "clone 56 220, clone3 435 435, prctl 157 167, prlimit64 302 261, tgkill 234 131"
_SECCOMP = "seccomp 317 277"
_MACHINES = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}


def _numbers(listed: str, column: int) -> dict[str, int]:
    rows = [row.split() for row in listed.split(",")]
    return {row[0]: int(row[column]) for row in rows}


@cache
def enter() -> tuple[str, ...]:
    """Before loading, in a process without threads; returns the names of the walls that stand."""
    return tuple(name for name, wall in FIRST.items() if wall())


def shut() -> tuple[str, ...]:
    """After loading, for all threads, also those that run already; returns the names of the walls that stand."""
    return tuple(name for name, wall in LAST.items() if wall())


def ended_first() -> bool:
    """Whether the system, out of memory, ends this process before all others."""
    try:
        Path("/proc/self/oom_score_adj").write_text(_FIRST)
    except OSError:
        return False
    return True


def not_dumpable() -> bool:
    """Whether other programs of the same user are kept from looking into this one's memory and environment."""
    return _prctl(_DUMPABLE, 0)


def no_new_privileges() -> bool:
    """Whether nothing that is started gains rights, as by a file that runs as another user."""
    return _prctl(_NO_NEW_PRIVILEGES, 1)


def no_administrator() -> bool:
    """Whether a process of root is none as to signals, memory, limits and networks, which also opens ways around
    Landlock."""
    header, held = struct.pack("=Ii", _CAPABILITIES, 0), ctypes.create_string_buffer(24)
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None)
        if system.capget(header, held) == 0:
            effective, permitted, *_ = struct.unpack("=6I", held.raw)
            left = struct.pack("=6I", effective & _KEPT, permitted & _KEPT, 0, 0, 0, 0)
            return bool(system.capset(header, left) == 0)
    return False


def _prctl(option: int, value: int) -> bool:
    try:
        return bool(ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3) == 0)
    except (OSError, AttributeError):
        return False


def _call(number: int, *arguments: object) -> int:
    """A call of the kernel; -1 for what it does not know or refuses."""
    with suppress(OSError, AttributeError):
        return int(ctypes.CDLL(None).syscall(ctypes.c_long(number), *arguments))
    return -1


def landlock() -> bool:
    """Whether from now on nothing is written or started, no TCP connection made and nobody outside looked into."""
    if not sys.platform.startswith("linux"):
        return False
    version = _call(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION))
    rights = next((rights for since, rights in _RIGHTS if version >= since), 0)
    if not rights:
        return False
    words = [rights]
    words += [_BOTH] if version >= _TCP_SINCE else []
    words += [_BOTH] if version >= _SCOPES_SINCE else []
    wanted = struct.pack(f"={len(words)}Q", *words)
    rules = _call(_LANDLOCK_CREATE, wanted, ctypes.c_size_t(len(wanted)), ctypes.c_uint(0))
    if rules < 0:
        return False
    stands = _call(_LANDLOCK_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0)) == 0
    os.close(rules)
    return stands


def no_files() -> bool:
    """Whether no further file, folder, socket or pipe is opened."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        return True
    return False


def seccomp() -> bool:
    """Whether the system does for this process only what computing needs."""
    machine, column = _MACHINES.get(platform.machine(), (0, 0))
    if not sys.platform.startswith("linux") or not machine or sys.maxsize < 2**32:
        return False
    code = b"".join(_program(machine, column))
    lines = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(lines)))
    [number] = _numbers(_SECCOMP, column).values()
    return _call(number, ctypes.c_uint(_SET_FILTER), ctypes.c_uint(_ALL_THREADS), program) == 0


def _program(machine: int, column: int) -> Iterator[bytes]:
    """The filter: what is free, and what is guarded with the right first argument; nothing else is permitted."""
    yield from (_line(_LOAD, _MACHINE), _line(_IF_EQUAL, machine, 1), _line(_RETURN, _KILL), _line(_LOAD, _NUMBER))
    for number in _numbers(_FREE, column).values():
        yield from (_line(_IF_EQUAL, number, 0, 1), _line(_RETURN, _ALLOW))
    guarded = _numbers(_GUARDED, column)
    # The C library takes `clone`, whose flags can be looked at, when `clone3` is unknown.
    yield from (_line(_IF_EQUAL, guarded["clone3"], 0, 1), _line(_RETURN, _UNKNOWN))
    yield from _guarded(guarded["clone"], _IF_BITS, _CLONE_THREAD)
    for name, value in (("prctl", _NAME), ("prlimit64", 0), ("tgkill", os.getpid())):
        yield from _guarded(guarded[name], _IF_EQUAL, value)
    yield _line(_RETURN, _NOT_PERMITTED)


def _guarded(number: int, test: int, value: int) -> Iterator[bytes]:
    yield from (_line(_IF_EQUAL, number, 0, 4), _line(_LOAD, _FIRST_ARGUMENT), _line(test, value, 0, 1))
    yield from (_line(_RETURN, _ALLOW), _line(_RETURN, _NOT_PERMITTED))


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


# In this order: what is not dumpable may not write its score any more.
FIRST = {
    "first to end when memory is short": ended_first,
    "ban on new privileges": no_new_privileges,
    "no rights of an administrator": no_administrator,
    "ban on looks from outside": not_dumpable,
    "Landlock": landlock,
}
LAST = {FILES: no_files, "seccomp": seccomp}
WALLS = (*FIRST, *LAST)
