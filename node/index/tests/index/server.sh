# A PostgreSQL server for the tests: `sh -c THIS server FOLDER`, with the folder of its programs. It listens on a socket in a
# new folder, which is printed once it answers. Both are gone when the standard input ends: so at the latest with the
# process that started it, however that ends.
set -e
# What is pressed at a terminal is for the tests.
trap '' INT HUP
folder="$(mktemp -d -t citynet-postgres.XXXXXX)"
trap 'rm -rf "$folder"' EXIT

# One role has to give its password. Without statistics, plans are made as on the first day of an index. What is lost in a
# crash is lost.
start() {
    "$1/initdb" --pgdata "$folder/data" --username citynet --auth trust --encoding UTF8 --locale C --no-sync &&
        printf 'local all guarded scram-sha-256\nlocal all all trust\n' >"$folder/data/pg_hba.conf" &&
        "$1/pg_ctl" --pgdata "$folder/data" --wait --log "$folder/log" --options "-c listen_addresses='' \
            -c unix_socket_directories='$folder' -c max_connections=200 -c autovacuum=off -c fsync=off" start
}

start "$1" >"$folder/out" 2>&1 || { tail -n 1 "$folder/out" >&2; exit 1; }
echo "$folder"
read -r _ || true
"$1/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop
