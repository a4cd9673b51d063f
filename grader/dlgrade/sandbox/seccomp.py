"""A seccomp filter: a short program in classic BPF that the kernel asks before every system call.

It refuses what nothing but an attack needs. A refused call fails with EPERM, so that Python raises
PermissionError and the learner reads where. Two answer ENOSYS, as an old kernel would, because libc then
takes the older call whose arguments can be looked at (`clone3` → `clone`); so do calls newer than this table.

Sockets are refused altogether, pairs included: the worker's one connection exists already, no exercise
needs another, and the network stack is where the kernel's bugs are. So `asyncio` does not run in a worker.
`memfd_create` too: it is memory that the limits do not see. Where there is a GPU, CUDA does not start without
that, nor without a socket to which others of its kind could connect: it may have one that can only listen.

References
----------
Linux, include/uapi/linux/seccomp.h and bpf_common.h; arch/x86/entry/syscalls/syscall_64.tbl;
include/uapi/asm-generic/unistd.h (aarch64).
"""

import ctypes
import errno
import functools
import os
import struct

from dlgrade.sandbox import linux

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column below, AUDIT_ARCH
_LAST_KNOWN = 456  # futex_requeue, Linux 6.7

# name, number on x86_64, number on aarch64; "-" where there is no such call
DENIED = """
# other programs, and processes; `clone` is looked at below, since threads need it
fork 57 -   vfork 58 -   execve 59 221   execveat 322 281
# sockets
socket 41 198   socketpair 53 199   connect 42 203   bind 49 200   listen 50 201   accept 43 202
accept4 288 242
# signals to others; `kill` and `tgkill` are looked at below: to itself a process may send what it likes
tkill 200 130   rt_sigqueueinfo 129 138   rt_tgsigqueueinfo 297 240   pidfd_open 434 434
pidfd_send_signal 424 424   pidfd_getfd 438 438
# other processes' memory and files
ptrace 101 117   process_vm_readv 310 270   process_vm_writev 311 271   process_madvise 440 440
process_mrelease 448 448   kcmp 312 272   perf_event_open 298 241   move_pages 279 239   migrate_pages 256 238
# what Landlock lets pass on files it does not open
truncate 76 45   chmod 90 -   fchmod 91 52   fchmodat 268 53   fchmodat2 452 452   chown 92 -   fchown 93 55
lchown 94 -   fchownat 260 54   utime 132 -   utimes 235 -   futimesat 261 -   utimensat 280 88
setxattr 188 5   lsetxattr 189 6   fsetxattr 190 7   removexattr 197 14   lremovexattr 198 15
fremovexattr 199 16   mknod 133 -   mknodat 259 33   inotify_init 253 -   inotify_init1 294 26
inotify_add_watch 254 27   fanotify_init 300 262   fanotify_mark 301 263   name_to_handle_at 303 264
open_by_handle_at 304 265   sync 162 81   syncfs 306 267
# namespaces and mounts
unshare 272 97   setns 308 268   mount 165 40   umount2 166 39   pivot_root 155 41   chroot 161 51
open_tree 428 428   move_mount 429 429   fsopen 430 430   fsconfig 431 431   fsmount 432 432   fspick 433 433
mount_setattr 442 442   swapon 167 224   swapoff 168 225   quotactl 179 60   quotactl_fd 443 443   acct 163 89
# who it is, and its limits
setuid 105 146   setgid 106 144   setreuid 113 145   setregid 114 143   setresuid 117 147
setresgid 119 149   setgroups 116 159   setfsuid 122 151   setfsgid 123 152   capset 126 91   setsid 112 157
setpgid 109 154   personality 135 92   setrlimit 160 164   seccomp 317 277   landlock_create_ruleset 444 444
landlock_add_rule 445 445   landlock_restrict_self 446 446
# its share of the processor
setpriority 141 140   sched_setscheduler 144 119   sched_setparam 142 118   sched_setattr 314 274
sched_setaffinity 203 122   ioprio_set 251 30
# memory and messages that outlive it, or that no limit counts
memfd_create 319 279   memfd_secret 447 447   shmget 29 194   shmat 30 196   shmctl 31 195   shmdt 67 197
semget 64 190   semop 65 193   semtimedop 220 192   semctl 66 191   msgget 68 186   msgsnd 69 189
msgrcv 70 188   msgctl 71 187   mq_open 240 180   mq_unlink 241 181
# wide doors into the kernel
io_uring_setup 425 425   io_uring_enter 426 426   io_uring_register 427 427   bpf 321 280
userfaultfd 323 282   keyctl 250 219   add_key 248 217   request_key 249 218   modify_ldt 154 -
uselib 134 -   vhangup 153 58   lookup_dcookie 212 18
# the machine itself
reboot 169 142   kexec_load 246 104   kexec_file_load 320 294   init_module 175 105   finit_module 313 273
delete_module 176 106   iopl 172 -   ioperm 173 -   syslog 103 116   settimeofday 164 170
clock_settime 227 112   adjtimex 159 171   clock_adjtime 305 266   sethostname 170 161
setdomainname 171 162
"""
AS_UNKNOWN = "clone3 435 435   openat2 437 437"
LOOKED_AT = """
clone 56 220   kill 62 129   tgkill 234 131   prctl 157 167   prlimit64 302 261   ioctl 16 29   fcntl 72 25
open 2 -   openat 257 56
"""

# What of this CUDA does when it starts, and fails without; of sockets, only one kind.
FOR_CUDA = ("memfd_create", "socket", "bind", "listen")
SOCKET = "socket 41 198"

_CLONE_THREAD = 0x00010000
_UNIX, _SEQPACKET, _SOCKET_TYPE = 1, 5, 0xF
_ACCESS_MODE, _TRUNCATING = 0o3, 0o1000
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS,
# PR_SET_VMA (glibc gives names to memory)
_PRCTL_ALLOWED = (3, 15, 16, 23, 39, 0x53564D41)
# F_SETOWN, F_SETSIG, F_SETOWN_EX (signals to others by way of a descriptor), F_SETLEASE, F_NOTIFY
_FCNTL_DENIED = (8, 10, 15, 1024, 1026)
# TIOCSCTTY, TIOCSPGRP, TIOCSTI, TIOCLINUX (typing into a terminal), FIOSETOWN, SIOCSPGRP
_IOCTL_DENIED = (0x540E, 0x5410, 0x5412, 0x541C, 0x8901, 0x8902)

_ALLOW = 0x7FFF0000
_EPERM = 0x00050000 | errno.EPERM
_ENOSYS = 0x00050000 | errno.ENOSYS
# offsets in struct seccomp_data
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

_Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def install(cuda: bool = False) -> None:
    """
    Put the filter over this thread and all that it starts, for good.

    Parameters
    ----------
    cuda : bool
        Whether CUDA is to start in it.

    Raises
    ------
    OSError
        If there is no seccomp, no table for this architecture, or "no new privileges" was not set before.
    """
    linux.require()
    machine = linux.architecture()
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, "no table of system calls for this architecture")
    program = same_for_all(machine, cuda) + _pack(_depends(machine, os.getpid(), cuda))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    pointed = ctypes.create_string_buffer(header, len(header))
    linux.prctl(linux.PR_SET_SECCOMP, 2, ctypes.addressof(pointed))  # SECCOMP_MODE_FILTER


def numbers(table: str, column: int) -> dict[str, int]:
    """Read one architecture's column of a table of system calls."""
    words = [word for line in table.splitlines() if not line.startswith("#") for word in line.split()]
    rows = zip(words[::3], zip(words[1::3], words[2::3], strict=True), strict=True)
    return {name: int(row[column]) for name, row in rows if row[column] != "-"}


@functools.lru_cache(maxsize=2)
def same_for_all(machine: str, cuda: bool = False) -> bytes:
    """Assemble what is the same in every worker; kept, so that a zygote can do it for them."""
    column, audit_arch = _ARCHITECTURES[machine]
    program = [_load(_ARCH), _jump_equal(audit_arch, 1, 0), _answer(_EPERM), _load(_NUMBER)]
    if machine == "x86_64":
        # The x32 calls share the architecture's name and have numbers of their own, from 2**30 on.
        program += [_jump_greater(0x3FFFFFFF, 0, 1), _answer(_EPERM)]
    program += [_jump_greater(_LAST_KNOWN, 0, 1), _answer(_ENOSYS)]
    for answer, table in ((_EPERM, DENIED), (_ENOSYS, AS_UNKNOWN)):
        for name, number in numbers(table, column).items():
            if cuda and name in FOR_CUDA:
                continue
            program += [_jump_equal(number, 0, 1), _answer(answer)]
    return _pack(program)


def _depends(machine: str, pid: int, cuda: bool) -> list[_Instruction]:
    """Assemble the calls whose arguments count, which the program comes to last."""
    program = []
    looks = _looks(pid)
    table = f"{LOOKED_AT} {SOCKET}" if cuda else LOOKED_AT
    for name, number in numbers(table, _ARCHITECTURES[machine][0]).items():
        program += [_jump_equal(number, 0, len(looks[name])), *looks[name]]
    return [*program, _answer(_ALLOW)]


def _pack(program: list[_Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *step) for step in program)


def _looks(pid: int) -> dict[str, list[_Instruction]]:
    """Say what is asked of the calls whose arguments count; each ends in an answer."""
    allow, deny = _answer(_ALLOW), _answer(_EPERM)
    return {
        "clone": [_load_argument(0), (0x45, 0, 1, _CLONE_THREAD), allow, deny],
        "kill": _one_of(0, (pid,), allow, deny),
        "tgkill": _one_of(0, (pid,), allow, deny),
        "prctl": _one_of(0, _PRCTL_ALLOWED, allow, deny),
        "fcntl": _one_of(1, _FCNTL_DENIED, deny, allow),
        "ioctl": _one_of(1, _IOCTL_DENIED, deny, allow),
        # Reading limits is fine: the pointer to new ones (both halves of it) is null.
        "prlimit64": [
            *(_load_argument(2), _jump_equal(0, 0, 3)),
            *(_load(_ARGUMENTS + 8 * 2 + 4), _jump_equal(0, 0, 1)),
            *(allow, deny),
        ],
        "socket": [
            *(_load_argument(0), _jump_equal(_UNIX, 0, 4)),
            *(_load_argument(1), (0x54, 0, 0, _SOCKET_TYPE), _jump_equal(_SEQPACKET, 0, 1)),
            *(allow, deny),
        ],
        "open": _opens(1),
        "openat": _opens(2),
    }


def _opens(flags: int) -> list[_Instruction]:
    """Refuse to truncate what is opened for reading: before its third version, Landlock let that pass."""
    masked = (0x54, 0, 0, _ACCESS_MODE | _TRUNCATING)
    return [_load_argument(flags), masked, _jump_equal(_TRUNCATING, 0, 1), _answer(_EPERM), _answer(_ALLOW)]


def _one_of(
    index: int, values: tuple[int, ...], then: _Instruction, other: _Instruction
) -> list[_Instruction]:
    tests = [_jump_equal(value, len(values) - place, 0) for place, value in enumerate(values)]
    return [_load_argument(index), *tests, other, then]


def _load(offset: int) -> _Instruction:
    return (0x20, 0, 0, offset)  # BPF_LD | BPF_W | BPF_ABS


def _load_argument(index: int) -> _Instruction:
    # The lower half, as both are little-endian: the kernel, too, takes these arguments as 32 bits.
    return _load(_ARGUMENTS + 8 * index)


def _jump_equal(value: int, then: int, other: int) -> _Instruction:
    return (0x15, then, other, value)  # BPF_JMP | BPF_JEQ | BPF_K


def _jump_greater(value: int, then: int, other: int) -> _Instruction:
    return (0x25, then, other, value)  # BPF_JMP | BPF_JGT | BPF_K


def _answer(value: int) -> _Instruction:
    return (0x06, 0, 0, value)  # BPF_RET | BPF_K
