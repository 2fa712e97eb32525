# shellcheck shell=bash
# Sourced by deploy/run.sh: which account runs the service, where its data lies, how commands run as it.
# Reads `checkout`, `build`; sets `account`, `data`, `program`.
# shellcheck disable=SC2154

# Root runs nothing of the service as root: it makes a system account. Anybody else is the account.
choose_account() {
    account=$(id -un)
    if [ "$account" = root ]; then
        account=consultation
        id -u "$account" >/dev/null 2>&1 || useradd --system --user-group --no-create-home \
            --home-dir /nonexistent --shell /usr/sbin/nologin "$account"
    fi
}

# Replaces the shell that calls it (in a subshell or in the background), so that its pid is the command's. It leaves the
# terminal's group, so that Ctrl-C reaches this script alone, and ends by the signal when this script dies.
exec_as_account() {
    local signal=$1
    shift
    if [ "$(id -un)" = "$account" ]; then
        exec setsid setpriv --pdeathsig "$signal" "$@" 9>&-
    fi
    exec setsid setpriv --reuid "$account" --regid "$account" --init-groups --reset-env \
        --pdeathsig "$signal" "$@" 9>&-
}

as_account() {
    (cd / && exec_as_account TERM "$@")
}

# var/ in the checkout, if the account can go there; a clone under a /root that is 0700 it cannot reach.
choose_data() {
    [ -z "$data" ] || return 0
    data=$checkout/var
    if ! as_account test -x "$checkout"; then
        data=/var/lib/consultation
        echo "The account '$account' cannot reach $checkout: the data lie in $data."
    fi
}

# A folder of the account's own, which nobody else reads. Only root can give one away; for anybody else it is theirs.
own_folder() {
    mkdir -p "$1"
    chmod 0700 "$1"
    if [ "$(id -u)" = 0 ]; then
        chown "$account:" "$1"
    fi
}

# A file of ours that the account may read.
share_file() {
    chmod 0640 "$1"
    if [ "$(id -u)" = 0 ]; then
        chgrp "$account" "$1"
    fi
}

# The account owns its keys, its cluster, its letters and what institutions attach, and nothing beside them: it cannot change the program it runs, nor lead
# what this script writes somewhere else.
make_folders() {
    mkdir -p "$data/log"
    chmod 0711 "$data"
    chmod 0700 "$data/log"
    own_folder "$data/keys"
    own_folder "$data/postgresql"
    own_folder "$data/outbox"
    own_folder "$data/attachments"
}

# The running program is a copy: a later build, or a checkout the account cannot read, does not touch it.
install_program() {
    program=$data/program
    rm -rf "$program.new"
    mkdir -p "$program.new/bin"
    cp "$build/server/consultation" "$program.new/bin/"
    tar -cf - -C "$build" static -C "$checkout" schema deploy |
        tar -C "$program.new" --no-same-owner -xf -
    chmod -R u=rwX,go=rX "$program.new"
    rm -rf "$program"
    mv "$program.new" "$program"
}
