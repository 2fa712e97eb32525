#!/usr/bin/env bash
# Installs the Debian packages that are missing, and starts nothing by it.
# usage: deploy/packages.sh run|programs|test|load …   (root, or a user with sudo)
set -euo pipefail

build=(cmake ninja-build gcc libc6-dev pkg-config libmicrohttpd-dev libjansson-dev libpq-dev
    libsodium-dev libunistring-dev libidn2-dev libcurl4-openssl-dev libcjose-dev libbrotli-dev
    zlib1g-dev libqrcodegen-dev liboath-dev libstemmer-dev libssl-dev
    libxlsxwriter-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
    libmagic-dev)
run=("${build[@]}" postgresql-15 postgresql-client-15 util-linux ca-certificates)
test=("${run[@]}" check clang clang-format clang-tidy libclang-rt-14-dev cppcheck shellcheck procps
    valgrind nginx-light chromium chromium-headless-shell fonts-noto-cjk python3-aiosmtpd openssl
    glewlwyd oathtool libreoffice-calc-nogui python3-cryptography pyflakes3
    pandoc weasyprint poppler-utils clamav-daemon)
# Separate programs that a setting switches on: documents are imported (pandoc), PDFs are made (weasyprint).
programs=(pandoc weasyprint fonts-noto-cjk)
load=("${run[@]}" wrk nginx-light curl socat time)

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/zz-consultation.conf
ours=()

# Missing ones of the packages named.
missing() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            echo "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Until the installation is over: no service starts (policy-rc.d), no "main" cluster is made.
hold_services() {
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        ours+=("$policy")
    fi
    as_root mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    ours+=("$no_cluster")
}

release_services() {
    [ "${#ours[@]}" = 0 ] || as_root rm -f "${ours[@]}"
}

install() {
    local nginx_is_new=no
    case " $* " in *" nginx-light "*) nginx_is_new=yes ;; esac
    trap release_services EXIT
    hold_services
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "$@" >/dev/null
    # The package enables it for the next boot, which is a start as well.
    if [ "$nginx_is_new" = yes ] && command -v systemctl >/dev/null; then
        as_root systemctl disable -q nginx 2>/dev/null || true
    fi
}

main() {
    local wanted=() set
    for set in "$@"; do
        case "$set" in
        run) wanted+=("${run[@]}") ;;
        programs) wanted+=("${programs[@]}") ;;
        test) wanted+=("${test[@]}") ;;
        load) wanted+=("${load[@]}") ;;
        *)
            echo "packages: '$set' is none of run, programs, test, load" >&2
            exit 2
            ;;
        esac
    done
    # For building; npm counts as there when the command is, whoever packaged it.
    command -v npm >/dev/null || wanted+=(nodejs npm)
    local list
    mapfile -t list < <(missing "${wanted[@]}" | sort -u)
    [ "${#list[@]}" != 0 ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        echo "packages: missing, and there is no sudo to install them: ${list[*]}" >&2
        exit 1
    fi
    echo "Installing from Debian: ${list[*]}"
    install "${list[@]}"
}

main "$@"
