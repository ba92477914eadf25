# shellcheck shell=bash
# Sourced by tests/run. Cyrus, run wholly by an ordinary user: MOVE, UIDPLUS, CONDSTORE, LMTP; IDLE notices at once.

cyrus_start() {
    local dir="$STATE/cyrus" imap imaps lmtp
    provide cyrus cyrus-imapd || return 1
    mkdir -p "$dir"/{spool,conf/{backup,db,lock,log,mbox,msg,proc,ptclient,quota,socket,sync,user}}
    read -r imap imaps lmtp < <(ports 3)
    cyrus_imapd_conf "$dir" >"$dir/imapd.conf"
    cyrus_services "$dir" "$imap" "$imaps" "$lmtp" >"$dir/cyrus.conf"
    cp tests/servers/start/saslauthd.py "$dir/"
    chown -R "$MAIL_UID:$MAIL_UID" "$dir"
    in_space cyrus 'dir=$1 as=(setpriv --reuid="$2" --regid="$2" --clear-groups)
        "${as[@]}" python3 "$dir/saslauthd.py" "$dir/mux" &
        "${as[@]}" /usr/sbin/cyrmaster -D -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/pid" &' "$dir" "$MAIL_UID"
    wait_for_login cyrus "$imap" || return 1
    KOMAINU_TEST_CYRUS=$(server_variable cyrus "plain=$imap tls=$imaps lmtp=$lmtp")
    export KOMAINU_TEST_CYRUS
}

cyrus_imapd_conf() {
    local dir=$1
    cat <<CONF
configdirectory: $dir/conf
defaultpartition: default
partition-default: $dir/spool
cyrus_user: $(id -nu "$MAIL_UID")
admins: cyrus
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: $dir/mux
sasl_mech_list: PLAIN
# The tester's own client speaks plain text on loopback.
allowplaintext: yes
virtdomains: off
altnamespace: yes
unixhierarchysep: yes
# A mailbox comes into being at the first log-in or delivery, without a quota.
autocreate_quota: 0
autocreate_post: yes
lmtp_downcase_rcpt: yes
tls_server_cert: $STATE/pki/server.pem
tls_server_key: $STATE/pki/server.key
tls_server_ca_file: $STATE/pki/ca.pem
tls_session_timeout: 0
idlesocket: $dir/conf/socket/idle
lmtpsocket: $dir/conf/socket/lmtp
# Duplicate suppression would drop the second of two messages with one Message-ID, which the tests send on purpose.
duplicatesuppression: no
# Eight-bit octets in header fields are delivered as they are, not as X.
munge8bit: no
sync_log: no
conversations: no
syslog_prefix: komainu-test
CONF
}

cyrus_services() {
    local dir=$1 imap=$2 imaps=$3 lmtp=$4 bin=/usr/lib/cyrus/bin
    cat <<CONF
START {
  recover cmd="$bin/ctl_cyrusdb -C $dir/imapd.conf -r"
  idled cmd="$bin/idled -C $dir/imapd.conf"
}
SERVICES {
  imap cmd="imapd -C $dir/imapd.conf" listen="127.0.0.1:$imap" prefork=0 maxchild=500
  imaps cmd="imapd -s -C $dir/imapd.conf" listen="127.0.0.1:$imaps" prefork=0 maxchild=500
  lmtp cmd="lmtpd -a -C $dir/imapd.conf" listen="127.0.0.1:$lmtp" prefork=0 maxchild=50
}
EVENTS {
}
CONF
}
