# shellcheck shell=bash
# Sourced by tests/run. Courier: no MOVE, mailboxes under `INBOX.`, no UIDNEXT in SELECT. Its log-in helper and
# authentication daemon want root inside the namespace; the mail itself belongs to an ordinary user. No LMTP: delivery
# is another client's APPEND.

courier_start() {
    local dir="$STATE/courier" imap imaps
    provide courier courier-imap || return 1
    mkdir -p "$dir/mail"
    read -r imap imaps < <(ports 2)
    courier_users "$dir" || return 1
    in_space courier "$(courier_script)" "$dir" "$imap" "$imaps" "$STATE/pki" "$ISOLATED"
    wait_for_login courier "$imap" || return 1
    KOMAINU_TEST_COURIER=$(server_variable courier "plain=$imap tls=$imaps")
    export KOMAINU_TEST_COURIER
}

# A line of userdb(8) and an empty Maildir for each user.
courier_users() {
    local dir=$1 user
    local -a names passwords
    mapfile -t names < <(seq -f 'user%03.0f' "$MAIL_USERS")
    mapfile -t passwords < <(printf 'pw-%s\n' "${names[@]}" | openssl passwd -1 -stdin)
    ((${#passwords[@]} == MAIL_USERS)) || return 1
    for user in "${!names[@]}"; do
        printf '%s\tuid=%d|gid=%d|home=%s/mail/%s|systempw=%s\n' "${names[user]}" "$MAIL_UID" "$MAIL_UID" "$dir" \
            "${names[user]}" "${passwords[user]}"
    done >"$dir/userdb"
    chmod 600 "$dir/userdb"
    printf '%s\n' "${names[@]/%//Maildir}" | (cd "$dir/mail" && xargs -I{} mkdir -p {}/cur {}/new {}/tmp)
    chown -R "$MAIL_UID:$MAIL_UID" "$dir/mail"
}

# The environment is that of Debian's /etc/courier/imapd, with what a test needs otherwise.
courier_script() {
    cat <<'SCRIPT'
        dir=$1 imap=$2 imaps=$3 pki=$4 isolated=$5
        mkdir -p /run/courier/authdaemon && chmod 755 /run/courier /run/courier/authdaemon
        # The user database has a fixed place. In a namespace only that sees it; without one it is the machine's.
        if [[ -n $isolated ]]; then
            cp -a /etc/courier "$dir/etc" && mount --bind "$dir/etc" /etc/courier || exit 1
        fi
        cp "$dir/userdb" /etc/courier/userdb && chmod 600 /etc/courier/userdb && makeuserdb || exit 1
        sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/' /etc/courier/authdaemonrc
        set -a
        authmodulelist=authuserdb authmodulelistorig=authuserdb daemons=3 authdaemonvar=/run/courier/authdaemon
        DEBUG_LOGIN=0 DEFAULTOPTIONS=''
        /usr/lib/courier/courier-authlib/authdaemond &
        . /etc/courier/imapd
        AUTHMODULES=authdaemond IMAP_USELOCKS=1 IMAP_STARTTLS=NO
        # By default IDLE looks once a minute; with this, about once a second.
        IMAP_ENHANCEDIDLE=1 IMAP_IDLE_TIMEOUT=1
        TLS_CERTFILE="$pki/both.pem" TLS_PRIVATE_KEYFILE='' TLS_TRUSTCERTS="$pki/ca.pem" TLS_CACHEFILE='' TLS_DHPARAMS=''
        TLS_PROTOCOL='TLSv1.2+' TLS_CIPHER_LIST='' TLS_PRIORITY=NORMAL
        IMAP_TLS=0
        couriertcpd -address=127.0.0.1 -maxprocs=500 -maxperip=500 -nodnslookup -noidentlookup "$imap" \
            /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir &
        IMAP_TLS=1
        couriertcpd -address=127.0.0.1 -maxprocs=500 -maxperip=500 -nodnslookup -noidentlookup "$imaps" \
            /usr/bin/couriertls -server -tcpd /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir &
SCRIPT
}
