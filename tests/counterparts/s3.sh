#!/bin/bash
# A private S3 server on loopback, for one test run: Ceph's gateway over a store in memory (1 GB at most).
#   s3.sh start FOLDER   makes and starts it in the empty FOLDER; prints its connection string
#   s3.sh stop FOLDER    stops it and deletes the FOLDER
# "Conf" in the connection string is what another gateway to the same store is started with.
set -euo pipefail

folder=$2
conf=$folder/ceph.conf

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  echo "$port"
}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

configure() {
  cat >"$conf" <<CONF
[global]
fsid = $fsid
mon initial members = a
mon host = [v2:127.0.0.1:$monitor/0]
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon allow pool size one = true
mon max pg per osd = 2000
mon data avail warn = 1
mon data avail crit = 1
run dir = $folder
admin socket = $folder/\$name.\$pid.socket
log file = $folder/\$name.\$pid.log
keyring = $folder/keyring
ms bind msgr1 = false
[mon.a]
mon data = $folder/mon
paxos propose interval = 0.02
paxos min wait = 0.02
[osd.0]
osd data = $folder/osd
[client.rgw]
ms mon client mode = crc
rgw frontends = beast endpoint=127.0.0.1:$port
# Gateways tell each other nothing, so that one that hangs holds up no other.
rgw cache enabled = false
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey=$(head -c 32 /dev/urandom | base64)
CONF
}

# run NAME PROGRAM …: in the background, known by its process id.
run() {
  local name=$1
  shift
  "$@" -c "$conf" -f >"$folder/$name.out" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$folder/$name.pid"
}

answers() {
  for _ in $(seq 300); do
    (: </dev/tcp/127.0.0.1/$port) 2>/dev/null && return
    kill -0 "$(cat "$folder/gateway.pid")" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

start() {
  local fsid osd monitor port key secret
  fsid=$(cat /proc/sys/kernel/random/uuid) osd=$(cat /proc/sys/kernel/random/uuid)
  monitor=$(free_port) port=$(free_port) key=$(random) secret=$(random)
  export CEPH_CONF=$conf
  mkdir "$folder/mon" "$folder/osd"
  configure

  exec 3>&1 4>&2 >"$folder/start.log" 2>&1
  trap 'tail -n 5 "$folder"/start.log "$folder"/*.out >&4' EXIT
  ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$folder/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor/0]" "$folder/monmap"
  ceph-mon -c "$conf" --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring"
  run monitor ceph-mon -i a
  timeout 60 ceph -c "$conf" osd new "$osd"
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd"
  run store ceph-osd -i 0
  run gateway radosgw -n client.rgw
  answers
  radosgw-admin -c "$conf" user create --uid=tests --display-name=tests --access-key="$key" --secret-key="$secret"
  trap - EXIT
  echo "ServiceUrl=http://127.0.0.1:$port;AccessKey=$key;SecretKey=$secret;Conf=$conf" >&3
}

stop() {
  local pid
  # What it holds is in memory only: nothing has to be put away.
  for pid in "$folder"/*.pid; do kill -9 "$(cat "$pid")" 2>/dev/null || true; done
  rm -rf "$folder"
}

"$1"
