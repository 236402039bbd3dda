#!/bin/bash
# A private ClamAV on loopback, for one test run. It knows one virus, the harmless EICAR test file, and downloads nothing.
#   clamav.sh start FOLDER   starts it with its files in the empty FOLDER; prints HOST:PORT/PROCESS
#   clamav.sh stop FOLDER    stops it and deletes the FOLDER
set -euo pipefail

folder=$2

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  echo "$port"
}

answers() {
  local reply
  (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'zPING\0' >&3 && read -r -d '' -t 1 reply <&3 && [ "$reply" = PONG ]) 2>/dev/null
}

start() {
  local port process
  mkdir "$folder/signatures" "$folder/tmp"
  # In two pieces, so that no scanner finds this file.
  printf 'Eicar-Test-Signature:0:*:%s\n' "$(printf %s 'EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE' | od -An -tx1 | tr -d ' \n')" >"$folder/signatures/test.ndb"
  for attempt in 1 2 3; do
    port=$(free_port)
    # AlertExceedsMax: without it, what is over a limit passes unscanned as OK.
    cat >"$folder/clamd.conf" <<CONFIGURATION
DatabaseDirectory $folder/signatures
TCPAddr 127.0.0.1
TCPSocket $port
Foreground yes
TemporaryDirectory $folder/tmp
StreamMaxLength 8M
MaxFileSize 7500K
AlertExceedsMax yes
CONFIGURATION
    clamd -c "$folder/clamd.conf" >"$folder/log" 2>&1 &
    process=$!
    echo "$process" >"$folder/process"
    for look in $(seq 100); do
      if answers "$port"; then
        echo "127.0.0.1:$port/$process"
        return
      fi
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$process" 2>/dev/null || true
  done
  cat "$folder/log" >&2
  return 1
}

stop() {
  if [ -f "$folder/process" ]; then
    # Killed, as a test may have left it stopped.
    kill -KILL "$(cat "$folder/process")" 2>/dev/null || true
  fi
  rm -rf "$folder"
}

"$1"
