# Builder of mkDerivation, run by bash. One function for each phase; an attribute of the same name replaces it.
set -euo pipefail
export SHELL=$CONFIG_SHELL LC_ALL=C SOURCE_DATE_EPOCH=1
: "${makeFlags=}" "${configureFlags=}" "${patches=}" "${doCheck=}"

unpackPhase() {
  mkdir source
  tar -xf "$src" -C source --strip-components=1
  cd source
}

# Scripts that want /bin/sh get the shell of this build: a sandbox need not have one.
use_shell() {
  { grep -rlIE -m 1 '^#! */bin/(ba)?sh' "$1" || true; } | while IFS= read -r script; do
    [ ! -x "$script" ] || sed -i -E "1s|^#! */bin/(ba)?sh|#!$SHELL|" "$script"
  done
}

patchPhase() {
  local patch
  for patch in $patches; do
    echo "applying ${patch##*/}"
    patch -p1 <"$patch"
  done
  use_shell .
  # One time for all: make must not think that what the release brings ready-made is older than what was edited.
  find . -type f -exec touch -d @1 {} +
}

configurePhase() {
  [ ! -x configure ] || ./configure --prefix="$out" --disable-dependency-tracking $configureFlags
}

buildPhase() {
  make -j"$NIX_BUILD_CORES" SHELL="$SHELL" $makeFlags
}

checkPhase() {
  make check SHELL="$SHELL" $makeFlags
}

installPhase() {
  make install SHELL="$SHELL" $makeFlags
}

# Debug information names the compiler's store path: without it the result refers to what it needs to run.
fixupPhase() {
  local file
  find "$out" -type f | while IFS= read -r file; do
    if [ "$(head -c 4 "$file" | tail -c 3 | tr -d '\0')" = ELF ]; then
      chmod u+w "$file"
      strip -S "$file"
    fi
  done
  use_shell "$out"
  # The index of all manuals installed in a place: every package would bring one, and they would collide.
  rm -f "$out/share/info/dir"
}

for phase in unpackPhase patchPhase configurePhase buildPhase checkPhase installPhase fixupPhase; do
  [ $phase != checkPhase ] || [ -n "$doCheck" ] || continue
  echo "${phase%Phase}:"
  if [ -n "${!phase-}" ]; then eval "${!phase}"; else $phase; fi
done
