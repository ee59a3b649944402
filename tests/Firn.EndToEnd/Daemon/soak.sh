#!/usr/bin/env bash
# Many clients of one daemon at once, some of which are killed, as are the processes that serve them.
#
#   soak.sh FILE SECONDS CLIENTS
#
# Ends with the line 'clean' when afterwards the store verifies, all that clients gave a root is there as it was, and no
# lock, temporary root or unfinished path is left.
set -u
file=$1 seconds=$2 clients=$3
export NIX_DAEMON_SOCKET_PATH=$HOME/soak-socket
nix-daemon >"$HOME/soak-daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 200); do [[ -S $NIX_DAEMON_SOCKET_PATH ]] && break; sleep 0.05; done
end=$((SECONDS + seconds))

# Builds what has a root from then on, and takes down what it is once the client was told that it is done.
keep() { # NAME
  nix-build -E "derivation { name = \"kept-$1\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo $1 > \$out\" ]; }" -o "$HOME/kept/$1" &&
    echo "$(readlink "$HOME/kept/$1") $1" >>"$HOME/kept.list"
}

client() { # NUMBER
  export NIX_REMOTE=daemon
  local i=0 path
  while ((SECONDS < end)); do
    i=$((i + 1))
    echo "$1 $((i % 5))" >"$HOME/soak-$1"
    case $(((RANDOM + i) % 8)) in
      0) nix-store --add "$HOME/soak-$1" ;;
      1) nix-build "$file" -A top --no-out-link ;;
      2) path=$(nix-store --add "$HOME/soak-$1") && nix-store --verify-path "$path" ;;
      3) nix-store --gc --max-freed 1 ;;
      4) nix-build -E "derivation { name = \"s$((i % 7))\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo $1 > \$out\" ]; }" --no-out-link ;;
      5) nix-store --query --requisites "$(nix-store --add "$HOME/soak-$1")" ;;
      6) keep "$1-$i" ;;
      7) nix-store --dump "$(nix-store --add "$HOME/soak-$1")" | head -c 20 ;;
    esac >/dev/null 2>&1
  done
}

mkdir -p "$HOME/kept"
: >"$HOME/kept.list"
clients_pids=()
for number in $(seq "$clients"); do
  client "$number" &
  clients_pids+=($!)
done
killed=0
while ((SECONDS < end)); do
  sleep 0.2
  # A process that serves, which is a child of the daemon, or else a program that a client runs.
  if ((RANDOM % 2)); then parents=$daemon; else parents=$(IFS=,; echo "${clients_pids[*]}"); fi
  mapfile -t victims < <(ps -o pid= --ppid "$parents")
  ((${#victims[@]})) && kill -9 "${victims[RANDOM % ${#victims[@]}]}" 2>/dev/null && killed=$((killed + 1))
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
lost=0
while read -r path name; do
  [[ $(cat "$path" 2>/dev/null) == "$name" ]] || { echo "lost: $path"; lost=$((lost + 1)); }
done <"$HOME/kept.list"
kept=$(wc -l <"$HOME/kept.list")
echo "$kept kept, $lost lost, $killed killed"
((lost == 0 && kept > 0 && killed > 0)) || problems=1
if compgen -G "/nix/store/*.lock" || compgen -G "/nix/store/tmp-*" || compgen -G "/nix/var/nix/temproots/*"; then
  echo "something was left behind"
  problems=1
fi
((problems == 0)) && echo clean
