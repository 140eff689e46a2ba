#!/bin/sh
# Installs the Debian packages that the tests need and that are missing; asks nothing.
set -eu

missing=""
need() { # need PACKAGE PROGRAM...: the package is missing when none of the programs is there
    package=$1
    shift
    for program; do
        if [ -x "$program" ] || command -v "$program" >/dev/null; then
            return
        fi
    done
    missing="$missing $package"
}

need postgresql /usr/lib/postgresql/*/bin/initdb initdb
need redis-server redis-server
need chromium-headless-shell chromium-headless-shell
need gettext msgfmt
need dovecot-imapd /usr/sbin/dovecot
need kannel /usr/sbin/bearerbox
need ffmpeg ffmpeg
need libreoffice-writer-nogui soffice
need age age
need nginx-light /usr/sbin/nginx
need pgbouncer /usr/sbin/pgbouncer
need openssl openssl
need systemd systemd-analyze
need kannel-extras /usr/lib/kannel/test/fakesmsc

if [ -z "$missing" ]; then
    exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo -n"
fi
if ! command -v apt-get >/dev/null || ! $as_root true 2>/dev/null; then
    echo "The tests need:$missing. Install them and try again: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing$missing ..."
$as_root apt-get update -qq
# Older Debians have the browser only with its windows.
if ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    missing=$(echo "$missing" | sed 's/chromium-headless-shell/chromium/')
fi
# shellcheck disable=SC2086 - a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing
