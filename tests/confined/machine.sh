#!/usr/bin/env bash
# Boots a throw-away machine with systemd as its process 1.
#
#   machine.sh DIR         DIR/usr is laid over /usr, DIR/etc over a minimal /etc, DIR/out is shared. Boots
#                          komainu-test.target, which must be in there, and ends with the machine's exit status.
#   KOMAINU_TEST_SYSTEMD=DIR         systemd's unpacked packages, where they are not installed
#   machine.sh --probe     why no such machine can be had here; empty where it can
#
# The machine is a set of namespaces: its own processes, mounts, network, host name, IPC and control groups. It sees
# nothing of this machine's disk but /usr (read only) and DIR, may not set the clock, load modules or touch devices, and
# everything in it dies with its process 1. Nothing is installed. What it adds outside, control groups below the caller's
# own, is removed at the end.
set -euo pipefail

SYSTEMD=/usr/lib/systemd/systemd
UNPACKED=${KOMAINU_TEST_SYSTEMD:-}

probe() {
    if ((EUID != 0)); then
        echo 'not root'
    elif [[ ! -d /lib/ || ! /lib -ef /usr/lib ]]; then
        echo '/lib is not /usr/lib here'
    elif [[ ! -x $SYSTEMD && ! -x $UNPACKED$SYSTEMD ]]; then
        echo 'systemd is not installed'
    elif ! unshare --mount --pid --net --ipc --uts --cgroup --fork --mount-proc bash -c \
        'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/sys && mount -t sysfs sysfs /run/sys \
            && mount -t overlay probe -o lowerdir=/run/sys:/usr /usr' 2>/dev/null; then
        echo 'the kernel grants no namespaces, or no file systems in them'
    elif ! groups_writable; then
        echo 'no control groups of its own can be made'
    fi
}

# Control groups: one below the caller's own in every hierarchy that is mounted, so that the machine's service manager can
# touch none of the caller's. Version 2 is where it keeps its units; controllers may hang on version 1 (a hybrid machine).
NAME=komainu-test-$$
groups() {
    local _ controllers path point type options
    while IFS=: read -r _ controllers path; do
        while read -r _ point type options _; do
            if [[ $controllers ]]; then
                [[ $type == cgroup && ,$options, == *",${controllers%%,*},"* ]] || continue
            else
                [[ $type == cgroup2 ]] || continue
            fi
            printf '%s %s\n' "${controllers:-unified}" "$point${path%/}/$NAME"
            break
        done </proc/mounts
    done </proc/self/cgroup
}

groups_writable() {
    local _ group
    while read -r _ group; do
        mkdir "$group" 2>/dev/null && rmdir "$group" || return 1
    done < <(groups)
    [[ -n $(groups) ]]
}

enter_groups() {
    local _ group file
    while read -r _ group; do
        mkdir "$group"
        # Version 1 starts a group without processors and memory nodes, and lets nobody in.
        for file in cpuset.cpus cpuset.mems; do
            [[ ! -e $group/../$file ]] || cat "$group/../$file" >"$group/$file" 2>/dev/null || true
        done
        printf '%d\n' $BASHPID >"$group/cgroup.procs"
    done < <(groups)
}

# Deepest first; the kernel needs a moment to see that the last process is gone.
leave_groups() {
    local _ group try
    while read -r _ group; do
        for try in {1..50}; do
            [[ -d $group ]] || break
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
        done
    done < <(groups)
}

# --- Inside: builds the root and becomes systemd ------------------------------------------------------------------

special_files() {
    local name major minor
    while read -r name major minor; do
        mknod -m 666 "dev/$name" c "$major" "$minor"
    done <<<$'null 1 3\nzero 1 5\nfull 1 7\nrandom 1 8\nurandom 1 9\ntty 5 0'
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
}

# What a small Debian has before any package adds to it. Users come from sysusers.d at boot.
base_etc() {
    local name
    for name in ld.so.cache ld.so.conf ld.so.conf.d ssl/certs alternatives login.defs; do
        [[ ! -e /etc/$name ]] || (cd /etc && cp -a --parents "$name" /mnt/etc/)
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >etc/passwd
    printf 'root:x:0:\nnogroup:x:65534:\n' >etc/group
    printf 'passwd: files\ngroup: files\nhosts: files\n' >etc/nsswitch.conf
    printf '127.0.0.1 localhost\n::1 localhost\n' >etc/hosts
    tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
}

control_groups() {
    local controllers
    if [[ $1 == unified ]]; then
        mount -t cgroup2 cgroup2 sys/fs/cgroup
        return
    fi
    mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
    for controllers in $1; do
        mkdir "sys/fs/cgroup/${controllers#name=}"
        if [[ $controllers == unified ]]; then
            mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
        else
            mount -t cgroup -o "$controllers" cgroup "sys/fs/cgroup/${controllers#name=}"
        fi
    done
}

become_machine() {
    local dir=$1 hierarchies=$2 name
    mount --make-rprivate /
    mount -t tmpfs -o mode=755 tmpfs /mnt
    cd /mnt
    mkdir usr etc dev proc sys run tmp var out root home boot media mnt opt srv old
    for name in bin sbin lib lib64; do
        [[ -d /usr/$name ]] && ln -s "usr/$name" "$name"
    done
    chmod 1777 tmp && chmod 700 root
    mount -t overlay usr -o "lowerdir=$dir/usr${UNPACKED:+:$UNPACKED/usr}:/usr" usr
    mount --bind "$dir/out" out
    base_etc
    cp -a --no-preserve=ownership "$dir/etc/." etc/
    mount -t tmpfs -o mode=755,nosuid tmpfs dev
    special_files
    mount -t proc -o nosuid,nodev,noexec proc proc
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
    control_groups "$hierarchies"
    mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
    pivot_root . old
    cd /
    umount -l /old && rmdir /old
    for name in sys sysrq-trigger irq bus; do
        [[ -e /proc/$name ]] || continue
        mount --bind "/proc/$name" "/proc/$name" && mount -o remount,bind,ro "/proc/$name"
    done
    echo komainu-test >/etc/hostname
    # As at a real boot; in a container, systemd leaves that to whoever starts it. Credentials reach a service so.
    mount --make-rshared /
    # The clock, modules, raw devices, the kernel's log and reboot stay out of reach, whatever a unit of the machine asks.
    exec env -i container=komainu-test PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-syslog,-audit_control,-audit_write,-wake_alarm,-mac_admin,-mac_override \
        --inh-caps -all \
        "$SYSTEMD" --system --unit=komainu-test.target --log-level="${KOMAINU_TEST_SYSTEMD_LOG:-info}" --show-status=no
}

case ${1:-} in
    --probe) probe ;;
    --inside)
        shift
        become_machine "$@"
        ;;
    *)
        dir=$(realpath "$1")
        hierarchies=$(groups | cut -d' ' -f1 | xargs)
        status=0
        (
            enter_groups
            exec setpriv --pdeathsig KILL unshare --mount --pid --net --ipc --uts --cgroup --fork --kill-child \
                "${BASH_SOURCE[0]}" --inside "$dir" "$hierarchies"
        ) </dev/null &
        machine=$!
        trap leave_groups EXIT
        # Waited for in the background, so that a signal is dealt with at once: the machine ends with its first process.
        trap 'kill -KILL "$machine" 2>/dev/null || true' INT TERM HUP
        # Whoever read the messages may be gone by then.
        trap '' PIPE
        wait "$machine" || status=$?
        exit "$status"
        ;;
esac
