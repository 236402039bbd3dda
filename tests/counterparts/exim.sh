#!/bin/bash
# A private Exim on loopback, for one test run: STARTTLS, TLS from the first byte, three kinds of login, and a Maildir for whatever it takes.
#   exim.sh start FOLDER   makes and starts it in the empty FOLDER; prints where it is, as key=value pairs
#   exim.sh stop FOLDER    stops it and deletes the FOLDER
# It knows one login: app with the password secret (LOGIN; on the third port PLAIN) or with the access token it-is-app (XOAUTH2).
# What it does with a mail depends on the recipient's name; see below.
# FOLDER/trust holds its certificate, for SSL_CERT_DIR. On the second port its certificate is one that nobody trusts;
# on the third, TLS begins with the first byte.
set -euo pipefail

folder=$2
exim=$(command -v exim4 || echo /usr/sbin/exim4)

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  echo "$port"
}

certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" -addext subjectAltName=DNS:localhost \
    -keyout "$folder/$1.key" -out "$folder/$1.pem" 2>/dev/null
}

configuration() {
  cat <<CONFIGURATION
primary_hostname = mail.test
exim_user = $1
exim_group = $2
never_users =
deliver_drop_privilege = true
spool_directory = $folder/spool
log_file_path = $folder/log/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = $3 : $4 : $5
tls_on_connect_ports = $5
tls_advertise_hosts = *
tls_certificate = \${if eq{\$received_port}{$4}{$folder/untrusted.pem}{$folder/trusted.pem}}
tls_privatekey = \${if eq{\$received_port}{$4}{$folder/untrusted.key}{$folder/trusted.key}}
auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
smtputf8_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_mail = mail
acl_smtp_rcpt = recipient
acl_smtp_data = data

begin acl
mail:
  deny condition = \${if eq{\$tls_in_cipher}{}}
       message = 530 5.7.0 Must issue a STARTTLS command first
  # Some relays tell a stranger at once, others by refusing recipients.
  deny !authenticated = *
       condition = \${if match{\$sender_address}{^stranger}{no}{yes}}
       message = 530 5.7.0 Authentication required
  accept
recipient:
  deny !authenticated = *
       message = relay not permitted
  # The first try is put off, the next is taken.
  defer local_parts = ^grey
       !ratelimit = 1.5 / 1h / strict / per_cmd / \$local_part
       message = 451 4.7.1 Greylisted, come again
  defer local_parts = ^busy
       message = 421 4.3.2 Closing
  defer local_parts = ^full
       message = 452 4.2.2 Mailbox full
  deny local_parts = ^unknown
       message = 550 5.1.1 No such user
  accept local_parts = ^slow
       delay = 20s
  accept
data:
  deny condition = \${if match{\$recipients}{^spam}}
       message = 554 5.7.1 Refused after reading it
  defer condition = \${if match{\$recipients}{^late}}
       message = 452 4.3.1 No room just now
  accept

begin routers
everybody:
  driver = accept
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = $folder/mail
  maildir_format
  envelope_to_add
  user = $1
  group = $2

begin authenticators
login:
  driver = plaintext
  public_name = LOGIN
  server_advertise_condition = \${if !eq{\$received_port}{$5}}
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{\$auth1}{app}}{eq{\$auth2}{secret}}}}
  server_set_id = \$auth1
plain:
  driver = plaintext
  public_name = PLAIN
  server_advertise_condition = \${if eq{\$received_port}{$5}}
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{app}}{eq{\$auth3}{secret}}}}
  server_set_id = \$auth2
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = \${if eq{\$auth1}{user=app\\001auth=Bearer it-is-app\\001\\001}}
  server_set_id = app
CONFIGURATION
}

start() {
  local port other tls user group
  user=$(id -un) group=$(id -gn)
  [ "$(id -u)" != 0 ] || user=Debian-exim group=Debian-exim
  mkdir -p "$folder"/{spool,log,mail/{new,cur,tmp},trust}
  certificate trusted
  certificate untrusted
  cp "$folder/trusted.pem" "$folder/trust/$(openssl x509 -noout -hash -in "$folder/trusted.pem").0"
  for attempt in 1 2 3; do
    port=$(free_port) other=$(free_port) tls=$(free_port)
    configuration "$user" "$group" "$port" "$other" "$tls" >"$folder/exim.conf"
    if [ "$(id -u)" = 0 ]; then chown -R $user: "$folder" && chown root: "$folder/exim.conf"; fi
    "$exim" -C "$folder/exim.conf" -bdf -oP "$folder/exim.pid" >"$folder/out" 2>&1 &
    echo $! >"$folder/pid"
    for try in $(seq 100); do
      kill -0 "$(cat "$folder/pid")" 2>/dev/null || break
      if (exec 3<>/dev/tcp/127.0.0.1/$other && read -t 1 line <&3 && [[ $line = 220* ]]) 2>/dev/null; then
        echo "Port=$port;OtherPort=$other;TlsPort=$tls;Mail=$folder/mail"
        return
      fi
      sleep 0.05
    done
    kill "$(cat "$folder/pid")" 2>/dev/null || true
  done
  cat "$folder/out" "$folder"/log/* >&2
  return 1
}

stop() {
  if [ -f "$folder/pid" ]; then kill "$(cat "$folder/pid")" 2>/dev/null || true; fi
  rm -rf "$folder"
}

"$1"
