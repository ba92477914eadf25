# shellcheck shell=bash
# Sourced by tests/run: the ground that every real mail server of the tests stands on.
#
# A server's Debian packages are downloaded and unpacked into a folder of their own, and run in a private mount and
# process namespace where that folder is laid over /usr and /etc. The machine itself stays as it is: nothing is
# installed, no service is started by a package's scripts, and no mail transport agent comes in with Cyrus or Courier,
# whose packages depend on one. Everything in the namespace dies with its first process, so that stopping is certain.
# A container without CAP_SYS_ADMIN grants no namespaces. There, and only in a container, the unpacked files are put
# into its own /usr and /etc, leaving alone whatever is there. (Installing would not do: each of the three packages
# conflicts with the others.)

# Set by tests/run: PACKAGES (kept between runs), STATE (this run's; readable by the servers' user), SERVER_PIDS.

MAIL_UID=65534          # nobody: owns all mail, runs all servers but the log-in helper of Courier
MAIL_USERS=200          # user001 … user200; the password of a user is pw-<user>

can_isolate() {
    mkdir -p "$STATE/probe/usr" \
        && unshare --mount --pid --fork --kill-child --mount-proc bash -c \
            'mount --make-rprivate / && mount -t overlay probe -o lowerdir="$1":/usr /usr && mount -t tmpfs tmpfs /run' \
            probe "$STATE/probe/usr" 2>/dev/null
}

# fetch NAME PACKAGE…: unpacks the packages and what they need and the machine lacks into $PACKAGES/NAME.
# Left out: mail transport agents (never needed to serve IMAP) and development files.
fetch() {
    local name=$1 into="$PACKAGES/$1" archives="$PACKAGES/$1.debs" deb
    shift
    [[ -e $into/complete ]] && return
    rm -rf "$into"
    mkdir -p "$into" "$archives/partial"
    apt-get install --yes --no-install-recommends --download-only \
        -o APT::Sandbox::User=root -o "Dir::Cache::archives=$archives" "$@" >"$archives/log" 2>&1 \
        || { update_lists && apt-get install --yes --no-install-recommends --download-only \
        -o APT::Sandbox::User=root -o "Dir::Cache::archives=$archives" "$@" >"$archives/log" 2>&1; } \
        || { tail -n 5 "$archives/log" >&2; return 1; }
    for deb in "$archives"/*.deb; do
        case ${deb##*/} in
            exim4* | postfix* | sendmail* | *-dev_*) continue ;;
        esac
        dpkg-deb --extract "$deb" "$into" || return 1
    done
    # Packages from before the merge of / and /usr: only /usr is laid over.
    local part
    for part in bin sbin lib; do
        [[ -d $into/$part ]] || continue
        mkdir -p "$into/usr/$part" && cp -a "$into/$part/." "$into/usr/$part/" && rm -r "${into:?}/$part"
    done
    rm -r "$archives"
    touch "$into/complete"
}

update_lists() {
    [[ -n ${LISTS_UPDATED:-} ]] && return
    apt-get update >/dev/null && LISTS_UPDATED=1
}

# install_quietly PACKAGE…: for real, forbidding that maintainer scripts start anything (policy-rc.d, exit 101).
install_quietly() {
    local policy=/usr/sbin/policy-rc.d kept='' status=0
    [[ -e $policy ]] && kept=$(mktemp "$STATE/policy-rc.d.XXXXXX") && cp -a "$policy" "$kept"
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" >"$STATE/install.log" 2>&1 \
        || { update_lists && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" \
            >"$STATE/install.log" 2>&1; } || { status=1; tail -n 5 "$STATE/install.log" >&2; }
    if [[ -n $kept ]]; then mv "$kept" "$policy"; else rm -f "$policy"; fi
    return $status
}

# A machine that is thrown away after use, or at least is not somebody's own.
is_container() {
    [[ -e /.dockerenv || -e /run/.containerenv || -n ${container:-} || -n ${KUBERNETES_SERVICE_HOST:-} || -n ${CI:-} ]]
}

# provide NAME PACKAGE…: afterwards the programs of the packages are found by what `in_space NAME` runs.
provide() {
    fetch "$@" || return 1
    local tree
    [[ -z $ISOLATED ]] || return 0
    for tree in usr etc; do
        [[ ! -d $PACKAGES/$1/$tree ]] || cp -a --no-clobber "$PACKAGES/$1/$tree/." "/$tree/" || return 1
    done
}

# in_space NAME SCRIPT ARG…: runs a bash script in the background, in a namespace of its own over the packages NAME;
# it becomes process 1 there. Ended by stop_servers, and by the kernel should tests/run be killed.
# The search path is the system's: what a person has in their own home, the servers' user may not read.
# Process 1 must stay this bash (hence the `wait`): the kernel forgets the parent-death signal of a process that changes
# its user, and a bash that has nothing left to do becomes its last command.
in_space() {
    local name=$1 script=$2
    shift 2
    if [[ -n $ISOLATED ]]; then
        local prologue='root=$1; shift
            mount --make-rprivate / && mount -t overlay usr -o lowerdir="$root/usr:/usr" /usr || exit 1
            [[ ! -d $root/etc ]] || mount -t overlay etc -o lowerdir="$root/etc:/etc" /etc || exit 1
            mount -t tmpfs tmpfs /run || exit 1
            '
        PATH=/usr/sbin:/usr/bin:/sbin:/bin setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc \
            bash -c "$prologue$script"$'\nwait' "$name" "$PACKAGES/$name" "$@" >>"$STATE/$name/output" 2>&1 </dev/null &
        SERVER_PIDS+=("$!")
    else
        KOMAINU_TEST_STATE=$STATE PATH=/usr/sbin:/usr/bin:/sbin:/bin setsid bash -c "$script" "$name" "$@" >>"$STATE/$name/output" 2>&1 </dev/null &
        SERVER_PIDS+=("-$!")
    fi
}

# A negative number names a process group (the case without namespaces). There, a program that leaves its group is
# known by the environment that it has from here. (Bash would tell of each end.)
stop_servers() {
    local pid environment
    for pid in "${SERVER_PIDS[@]}"; do
        kill -KILL -- "$pid"
    done
    if [[ -z $ISOLATED ]] && ((${#SERVER_PIDS[@]})); then
        for environment in /proc/[0-9]*/environ; do
            pid=${environment//[^0-9]/}
            grep -qzxF "KOMAINU_TEST_STATE=$STATE" "$environment" && kill -KILL "$pid"
        done
    fi
    wait "${SERVER_PIDS[@]#-}"
    SERVER_PIDS=()
} 2>/dev/null

# ports N: N free TCP ports of the loopback address, each asked of the kernel.
ports() {
    python3 -c '
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in held))' "$1"
}

# A certificate authority that lives as long as this run, and a server certificate for localhost and 127.0.0.1.
make_certificates() {
    local dir="$STATE/pki"
    mkdir -p "$dir"
    {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
            -subj '/CN=komainu test authority' -addext 'basicConstraints=critical,CA:TRUE' \
            -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout "$dir/ca.key" -out "$dir/ca.pem" \
        && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' \
            -keyout "$dir/server.key" -out "$dir/server.csr" \
        && openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 \
            -extfile <(printf '%s\n' 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'basicConstraints=CA:FALSE' \
                'extendedKeyUsage=serverAuth') -out "$dir/server.pem"
    } >"$dir/log" 2>&1 || { cat "$dir/log" >&2; return 1; }
    cat "$dir/server.key" "$dir/server.pem" >"$dir/both.pem"
    # A throw-away key on loopback; the servers' user must read it.
    chmod 644 "$dir"/*
    chmod 755 "$dir"
}

# wait_for_login NAME PORT: until the last user, whom no test takes, can log in; 20 s at most.
wait_for_login() {
    local name=$1 port=$2 user line _
    user=$(printf 'user%03d' "$MAIL_USERS")
    for _ in {1..200}; do
        if { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then
            printf 'a LOGIN %s pw-%s\r\nb LOGOUT\r\n' "$user" "$user" >&3
            while IFS= read -r -t 5 line <&3; do
                [[ $line == 'a OK'* ]] && exec 3>&- && return
            done
            exec 3>&-
        fi
        sleep 0.1
    done
    echo "$name lets nobody in on port $port:" >&2
    tail -n 20 "$STATE/$name/output" >&2
    [[ ! -e $STATE/$name/log ]] || tail -n 20 "$STATE/$name/log" >&2
    return 1
}

# server_variable NAME tls=… plain=… [lmtp=…]: what the tests know a server by. `claims`: a folder in which a test takes
# a user for itself by creating a file of that name.
server_variable() {
    local name=$1
    shift
    mkdir -p "$STATE/$name/claims"
    printf 'host=127.0.0.1 %s ca=%s claims=%s users=%s' "$*" "$STATE/pki/ca.pem" "$STATE/$name/claims" "$((MAIL_USERS - 1))"
}
