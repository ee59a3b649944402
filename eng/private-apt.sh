# Sourced: an apt of its own that believes nothing is installed. It reads the signed index of any suite from the mirror
# that the machine's apt sources name, resolves and downloads, needs no root and changes nothing outside its folder.

# Prints the address of the machine's Debian mirror.
debian_mirror() {
  command -v apt-get >/dev/null || { echo "apt-get is missing: this needs a Debian machine" >&2; return 1; }
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' |
    awk '$2 == "Debian" && $3 == "" { print $1; exit }')
  [[ -n $mirror ]] || { echo "the apt sources name no Debian mirror (has 'apt-get update' run?)" >&2; return 1; }
  echo "${mirror%/}"
}

# private_apt FOLDER SUITE: sets up the folder, reads the index, and leaves the options for apt in $apt_options.
private_apt() {
  local state=$1 suite=$2 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror) || return
  mkdir -p "$state"/{etc,lists/partial,cache/archives/partial}
  state=$(realpath "$state")
  : >"$state/status"
  printf '%s [signed-by=%s] %s %s main\n' deb "$keyring" "$mirror" "$suite" \
    deb-src "$keyring" "$mirror" "$suite" >"$state/etc/sources.list"
  apt_options=(-q -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::State::lists="$state/lists"
    -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Debug::NoLocking=1
    -o APT::Sandbox::User="$(id -un)" -o APT::Update::Post-Invoke::= -o Acquire::Languages=none)
  apt-get "${apt_options[@]}" update >"$state/log" 2>&1 || { tail -n 5 "$state/log" >&2; return 1; }
}
