#!/bin/sh
# Makes the secrets that compose.production.yaml reads, in deploy/secrets. What is there already is left as it is.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets

drawn() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Containers read these files as users of their own, so the files are readable and the folder is closed.
keep() { test -s "$1" || { printf '%s\n' "$2" >"$1"; chmod 0444 "$1"; echo "made deploy/secrets/$1"; }; }

keep jwt_secret "$(drawn 48)"
keep grafana_password "$(drawn 16)"
if ! test -s database_password; then
	keep database_password "$(drawn 24)"
	rm -f database_url
fi
keep database_url "postgresql://conductor:$(cat database_password)@database:5432/conductor"
if ! test -s bus_config; then
	keep bus_config "requirepass $(drawn 24)"
	rm -f redis_url
fi
keep redis_url "redis://:$(sed 's/^requirepass //' bus_config)@bus:6379/0"
