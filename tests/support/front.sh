#!/usr/bin/env bash
# The front as deploy/nginx has it, before a server under test: becomes nginx, and ends with the process that called it.
#   front.sh FOLDER PORT UPSTREAM [tls]   FOLDER is new; UPSTREAM is "127.0.0.1:8080" or "unix:/path"; with tls under a
#                                         certificate made for this once
# Only what belongs to a machine is changed: paths, account, TLS.
set -euo pipefail
folder=${1:?}
port=${2:?}
upstream=${3:?}
tls=${4:-}
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

mkdir -p "$folder"
cp "$source_folder"/deploy/nginx/*.conf "$folder"
sed -i "s#/etc/nginx/consultation/#$folder/#
    s#/run/nginx.pid#$folder/pid#
    s#/run/consultation-front#$folder/body#
    s#/var/log/nginx/#$folder/#
    s#^user .*#user $(id -un);#
    s#^worker_processes .*#worker_processes 2;#" "$folder/nginx.conf"
sed -i "s#server unix:.* #server $upstream #" "$folder/upstream.conf"
listen=
certificate=
if [ -n "$tls" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>"$folder/openssl.log"
    listen=ssl
    certificate="ssl_certificate $folder/certificate.pem; ssl_certificate_key $folder/key.pem;"
fi
cat >"$folder/site.conf" <<SITE
proxy_temp_path $folder/proxy;
fastcgi_temp_path $folder/fastcgi;
uwsgi_temp_path $folder/uwsgi;
scgi_temp_path $folder/scgi;
server {
    listen 127.0.0.1:$port $listen;
    server_name x;
    $certificate
    include $folder/rules.conf;
}
SITE
cd "$folder"
exec setpriv --pdeathsig TERM /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" -g 'daemon off;'
