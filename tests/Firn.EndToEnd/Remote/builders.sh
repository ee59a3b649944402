#!/usr/bin/env bash
# Machines that build for another, each in a network namespace of its own with a real sshd and a store of its own.
#
#   builders.sh WITH-NIX COMMANDS FOLDER SCENARIO
#
# Runs in fresh mount and network namespaces (unshare --mount --net), as root. Of the three machines small offers
# nothing special, special offers a feature, and fast is four times as fast as small. Prints what the scenario is
# about, a word and a value a line; what went wrong is on standard error.
set -euo pipefail
with_nix=$1 commands=$2 folder=$3 scenario=$4
export LC_ALL=C
mount -t tmpfs none /run
mkdir -p /run/netns /run/sshd "$folder/client/etc" "$folder/client/home"
ssh-keygen -q -t ed25519 -N '' -f "$folder/client/key"
shared="build-users-group =
experimental-features = nix-command
substituters =
sandbox = true
sandbox-paths = /bin /usr /lib /lib64?
trusted-users = root"

number=0
machine() { # NAME SPEED FEATURES
  local name=$1 dir=$folder/$1
  number=$((number + 1))
  local ours=10.99.$number.1 theirs=10.99.$number.2
  mkdir -p "$dir/etc" "$dir/home"
  printf '%s\nsystem-features = %s\n' "$shared" "${3/-/}" >"$dir/etc/nix.conf"
  ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
  ip netns add "$name"
  ip link add "to-$name" type veth peer name eth0 netns "$name"
  ip addr add "$ours/24" dev "to-$name"
  ip link set "to-$name" up
  ip -n "$name" addr add "$theirs/24" dev eth0
  ip -n "$name" link set eth0 up
  ip -n "$name" link set lo up
  cat >"$dir/sshd_config" <<END
ListenAddress $theirs
HostKey $dir/host
PidFile $dir/sshd.pid
AuthorizedKeysFile $folder/client/key.pub
AuthenticationMethods publickey
PermitRootLogin yes
StrictModes no
UsePAM no
PrintMotd no
SetEnv NIX_CONF_DIR=$dir/etc HOME=$dir/home NIX_USER_CONF_FILES=/none PATH=$commands:/usr/sbin:/usr/bin:/sbin:/bin
END
  ip netns exec "$name" "$with_nix" "$dir/nix" /usr/sbin/sshd -D -e -f "$dir/sshd_config" 2>"$dir/sshd.log" &
  echo "$scheme://root@$theirs $(uname -m)-linux $folder/client/key $jobs $2 $3 - $(base64 -w0 "$dir/host.pub")" >>"$folder/client/machines"
  eval "address_$name=$theirs"
}

scheme=ssh-ng jobs=1
[[ $scenario != *-old ]] || scheme=ssh scenario=${scenario%-old}
machine small 1 -
machine special 1 special
machine fast 4 -
for name in small special fast; do
  address=address_$name
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/${!address}/22") 2>/dev/null && break
    sleep 0.1
  done
done

printf '%s\nmax-jobs = 0\nbuilders = @%s\n' "$shared" "$folder/client/machines" >"$folder/client/etc/nix.conf"
export NIX_CONF_DIR=$folder/client/etc HOME=$folder/client/home NIX_USER_CONF_FILES=/none PATH=$commands:$PATH
cat >"$folder/client/set.nix" <<'END'
let
  build = attributes: script: derivation ({
    system = builtins.currentSystem;
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [ "-c" script ];
  } // attributes);
in
{
  plain = build { name = "plain"; } "echo built > $out";
  special = build { name = "special"; requiredSystemFeatures = [ "special" ]; } "echo built > $out";
  slow = build { name = "slow"; } "echo begun; sleep 4; echo built > $out";
  many = build { name = "many"; } "cat ${toString (map (n: build { name = "part-${toString n}"; } "sleep 2; echo ${toString n} > $out") [ 1 2 ])} > $out";
}
END
client() { "$with_nix" "$folder/client/nix" "$@"; }
on() { # NAME PATTERN: whether the machine has built what is named so
  compgen -G "$folder/$1/nix/store/*-$2" >/dev/null
}
built_on() { for name in small special fast; do ! on "$name" "$1" || echo "built-on $name"; done; }
# Everything that runs on a machine ends at once.
unplug() { # NAME
  ip netns pids "$1" | xargs -r kill -9 || true
}
wait_for_build() { # NAME PATTERN
  for _ in $(seq 300); do
    compgen -G "$folder/$1/nix/store/*-$2.drv.chroot" >/dev/null && return
    sleep 0.1
  done
  echo "the build never began on $1" >&2
  exit 1
}

case $scenario in
  speed)
    client nix-build "$folder/client/set.nix" -A plain --no-out-link >"$folder/out"
    built_on plain
    ;;
  feature)
    client nix-build "$folder/client/set.nix" -A special --no-out-link >"$folder/out"
    built_on special
    ;;
  spread)
    client nix-build "$folder/client/set.nix" -A many --no-out-link >"$folder/out"
    built_on 'part-*' 
    ;;
  vanish | cut)
    # A cable that is pulled sends no farewell: ssh must ask now and then.
    export NIX_SSHOPTS="-oServerAliveInterval=1 -oServerAliveCountMax=2"
    client nix-build "$folder/client/set.nix" -A slow --no-out-link >"$folder/out" 2>"$folder/err" &
    build=$!
    wait_for_build fast slow
    if [[ $scenario == vanish ]]; then unplug fast; else ip link del to-fast; fi
    wait "$build" || { cat "$folder/err" >&2; exit 1; }
    ! grep -q "cannot build on 'ssh.*://root@$address_fast" "$folder/err" || echo "gone fast"
    built_on slow
    ;;
  none)
    unplug small
    unplug special
    unplug fast
    if client nix-build "$folder/client/set.nix" -A plain --no-out-link >"$folder/out" 2>"$folder/err"; then echo "built nowhere"; fi
    grep -c "cannot build on" "$folder/err" | sed 's/^/gone /'
    exit 0
    ;;
esac
printf 'output '
client cat "$(cat "$folder/out")" | paste -sd' '
client nix-store --verify --check-contents
