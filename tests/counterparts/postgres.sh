#!/bin/bash
# A private PostgreSQL on loopback, for one test run.
#   postgres.sh start FOLDER   makes and starts it in the empty FOLDER; prints its Npgsql connection string
#   postgres.sh stop FOLDER    stops it and deletes the FOLDER
#   postgres.sh down FOLDER    ends it without any preparation, as a crash would
#   postgres.sh up FOLDER      starts it again, where it does not run
set -euo pipefail

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
programs=${programs:-$(dirname "$(command -v initdb)")}
folder=$2

# PostgreSQL refuses to run as root.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  echo "$port"
}

start() {
  local password port
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && echo "$password" >"$folder/password")
  [ "$(id -u)" != 0 ] || chown -R postgres: "$folder"
  cd "$folder"
  unprivileged "$programs/initdb" -D data -U tests --pwfile=password -A scram-sha-256 -E UTF8 --locale=C --no-sync >initdb.log
  # Durable against a killed process, which is what the tests do; not against a power cut, which they cannot.
  for attempt in 1 2 3; do
    port=$(free_port)
    cat >data/postgresql.auto.conf <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
fsync = off
full_page_writes = off
max_connections = 300
END
    if up; then
      echo "Host=127.0.0.1;Port=$port;Username=tests;Password=$password;Database=postgres"
      return
    fi
  done
  cat server.log >&2
  return 1
}

up() {
  cd "$folder"
  unprivileged "$programs/pg_ctl" -D data status >/dev/null || unprivileged "$programs/pg_ctl" -D data -w -l server.log start >/dev/null
}

down() {
  cd "$folder"
  unprivileged "$programs/pg_ctl" -D data -m immediate -w stop >/dev/null
}

stop() {
  if [ -f "$folder/data/postmaster.pid" ]; then
    (down)
  fi
  rm -rf "$folder"
}

"$1"
