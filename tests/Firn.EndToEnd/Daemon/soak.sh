#!/usr/bin/env bash
# Many clients of one daemon at once, some of which are killed, as are the processes that serve them.
#
#   soak.sh FILE SECONDS CLIENTS
#
# Ends with the line 'clean' when the store verifies afterwards and no lock or temporary root is left.
set -u
file=$1 seconds=$2 clients=$3
export NIX_DAEMON_SOCKET_PATH=$HOME/soak-socket
nix-daemon >"$HOME/soak-daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 200); do [[ -S $NIX_DAEMON_SOCKET_PATH ]] && break; sleep 0.05; done
end=$((SECONDS + seconds))

client() { # NUMBER
  export NIX_REMOTE=daemon
  local i=0 path
  while ((SECONDS < end)); do
    i=$((i + 1))
    echo "$1 $((i % 5))" >"$HOME/soak-$1"
    case $(((RANDOM + i) % 6)) in
      0) nix-store --add "$HOME/soak-$1" ;;
      1) nix-build "$file" -A top --no-out-link ;;
      2) path=$(nix-store --add "$HOME/soak-$1") && nix-store --verify-path "$path" ;;
      3) nix-store --gc --max-freed 1 ;;
      4) nix-build -E "derivation { name = \"s$((i % 7))\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo $1 > \$out\" ]; }" --no-out-link ;;
      5) nix-store --query --requisites "$(nix-store --add "$HOME/soak-$1")" ;;
    esac >/dev/null 2>&1
  done
}

for number in $(seq "$clients"); do
  client "$number" &
done
while ((SECONDS < end)); do
  sleep 0.2
  # One of the processes that serve, or one of the clients: both are children of ours or of the daemon.
  mapfile -t served < <(ps -o pid= --ppid "$daemon")
  ((${#served[@]})) && kill -9 "${served[RANDOM % ${#served[@]}]}" 2>/dev/null
done
for job in $(jobs -p); do
  [[ $job == "$daemon" ]] || wait "$job" 2>/dev/null
done
kill "$daemon"
wait "$daemon" 2>/dev/null

unset NIX_REMOTE
problems=0
nix-store --verify --check-contents || problems=1
# What was killed left temporary roots, which nobody holds; a collection takes them away, and what they kept.
nix-store --gc >/dev/null 2>&1 || problems=1
nix-store --verify --check-contents || problems=1
if compgen -G "/nix/store/*.lock" || compgen -G "/nix/store/tmp-*" || compgen -G "/nix/var/nix/temproots/*"; then
  echo "something was left behind"
  problems=1
fi
((problems == 0)) && echo clean
