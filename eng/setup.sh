# Sourced by run and test: installs what is missing, builds firn, and says plainly what it cannot do.
# Expects $checkout. Leaves the folder of commands (firn, nix, nix-build, ...) in $firn_bin.

firn_bin=$checkout/artifacts/firn
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Without ICU the SDK starts only when told that it is not needed.
[[ -n $(find /usr/lib /lib -maxdepth 2 -name 'libicuuc.so.*' -print -quit 2>/dev/null) ]] ||
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $1"
  shift
  local hint
  for hint in "$@"; do say "  $hint"; done
  exit 1
}

# Installs Debian packages that are not there; with sudo where that is needed.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || fail "missing: ${missing[*]}" "install them as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  "${root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
    { "${root[@]}" apt-get update && "${root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; fail "cannot install ${missing[*]}" "install them by hand and run this again"; }
  rm -f "$log"
}

need_dotnet() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$checkout/global.json")
  if ! command -v dotnet >/dev/null; then
    if [[ -n $(apt-cache policy "dotnet-sdk-$wanted.0" 2>/dev/null | grep 'Candidate: [0-9]') ]]; then
      need_packages "dotnet-sdk-$wanted.0"
    else
      fail "the .NET $wanted SDK is missing, and this machine's package sources do not have it" \
        "install it (the command 'dotnet' must be in PATH) and run this again"
    fi
  fi
  (cd "$checkout" && dotnet --version >/dev/null 2>&1) ||
    fail "the .NET SDK that global.json asks for is missing; there is: $(cd / && dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')" \
      "install a .NET $wanted SDK and run this again"
}

need_namespaces() {
  unshare --user --map-root-user --mount true 2>/dev/null && return
  [[ $(id -u) == 0 ]] && unshare --mount true 2>/dev/null && return
  fail "this machine lets $(id -un) make no user namespaces, without which there is no sandbox" \
    "as root: sysctl kernel.unprivileged_userns_clone=1 (or kernel.apparmor_restrict_unprivileged_userns=0)"
}

need_everything() {
  need_packages bubblewrap gcc libc6-dev zlib1g-dev
  need_dotnet
  need_namespaces
}

# Publishes the native binary unless it is newer than every source, and links its names to it.
build_firn() {
  local binary=$checkout/artifacts/publish/Firn.Cli/release/firn log name
  if [[ ! -x $binary || -n $(find "$checkout/src" "$checkout"/*.props "$checkout"/*.targets -type f -newer "$binary" -print -quit) ]]; then
    log=$checkout/artifacts/publish.log
    mkdir -p "$checkout/artifacts"
    dotnet publish "$checkout/src/Firn.Cli" -c Release -v q >"$log" 2>&1 ||
      { grep -E 'error' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2; fail "firn does not build" "the whole output: $log"; }
    touch "$binary"
  fi
  mkdir -p "$firn_bin"
  for name in firn nix nix-build nix-channel nix-collect-garbage nix-copy-closure nix-daemon nix-env nix-hash \
    nix-instantiate nix-prefetch-url nix-shell nix-store; do
    ln -sfn "$binary" "$firn_bin/$name"
  done
}
