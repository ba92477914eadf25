# shellcheck shell=bash
# Sourced by tests/run. Dovecot, run wholly by an ordinary user: MOVE, UIDPLUS, CONDSTORE, LMTP.

dovecot_start() {
    local dir="$STATE/dovecot" imap imaps lmtp
    provide dovecot dovecot-imapd dovecot-lmtpd || return 1
    mkdir -p "$dir"/{run,state,mail}
    read -r imap imaps lmtp < <(ports 3)
    dovecot_config "$dir" "$imap" "$imaps" "$lmtp" >"$dir/dovecot.conf"
    chown -R "$MAIL_UID:$MAIL_UID" "$dir"
    # A test opens hundreds of connections; the usual soft limit of 1024 descriptors makes Dovecot warn and serve fewer.
    in_space dovecot 'ulimit -n "$(ulimit -Hn)"
        setpriv --reuid="$2" --regid="$2" --clear-groups dovecot -F -c "$1/dovecot.conf"' "$dir" "$MAIL_UID"
    wait_for_login dovecot "$imap" || return 1
    KOMAINU_TEST_DOVECOT=$(server_variable dovecot "plain=$imap tls=$imaps lmtp=$lmtp")
    export KOMAINU_TEST_DOVECOT
}

dovecot_config() {
    local dir=$1 imap=$2 imaps=$3 lmtp=$4 user group
    user=$(id -nu "$MAIL_UID")
    group=$(getent group "$MAIL_UID" | cut -d: -f1)
    cat <<CONF
# Everything that is a path or a user by default stands here, so that no part wants root or /run.
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/log
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 1
first_valid_gid = 1
listen = 127.0.0.1
protocols = imap lmtp

mail_home = $dir/mail/%u
mail_location = maildir:~/Maildir
mail_fsync = never

ssl = yes
ssl_cert = <$STATE/pki/server.pem
ssl_key = <$STATE/pki/server.key
# The tester's own client speaks plain text on loopback, so that it shares no TLS code with what it tests.
disable_plaintext_auth = no
auth_mechanisms = plain login

passdb {
  driver = static
  args = password=pw-%u
}
userdb {
  driver = static
  args = uid=$MAIL_UID gid=$MAIL_UID home=$dir/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
}

protocol imap {
  mail_max_userip_connections = 2000
}
service imap-login {
  chroot =
  process_min_avail = 1
  process_limit = 4
  service_count = 0
  client_limit = 2000
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service imap {
  client_limit = 1
  process_limit = 2000
}
service lmtp {
  inet_listener lmtp {
    port = $lmtp
  }
}
service auth {
  client_limit = 5000
}
service anvil {
  chroot =
  client_limit = 5000
}
CONF
}
