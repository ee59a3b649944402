# Builder of `tree` in debian.nix, run by the seed's busybox.
set -eu
busybox=$(readlink /proc/$$/exe)
mkdir tools
"$busybox" --install -s tools
export PATH=$PWD/tools

mkdir "$out" unpacked
for archive in $archives; do
  dpkg-deb -x "$archive" unpacked
done
for part in unpacked/usr/* unpacked/etc; do
  [ ! -e "$part" ] || mv "$part" "$out/"
done
cd "$out"
rm -rf share/man share/info share/locale share/lintian share/bug share/gdb share/bash-completion
find share/doc ! -type d ! -name copyright -exec rm -f {} + 2>/dev/null || true
# Links that mean the root of a Debian system.
find . -type l | while read -r link; do
  target=$(readlink "$link")
  case $target in
    /usr/*) ln -sfn "$out/${target#/usr/}" "$link" ;;
    /lib/* | /bin/* | /etc/*) ln -sfn "$out$target" "$link" ;;
  esac
done
eval "$finish"

[ -n "$patchelf" ] || exit 0
triplet=$(cd "$patchelf/lib" && echo *-linux-gnu)
patch_program() {
  "$patchelf"/lib64/ld-linux-*.so.* --library-path "$patchelf/lib/$triplet" "$patchelf/bin/patchelf" "$@"
}
path=$out/lib/$triplet
loader=
for tree in $libraries; do
  path=$path:$tree/lib/$triplet
  [ -n "$loader" ] || loader=$(echo "$tree"/lib64/ld-linux-*.so.*)
done
is_elf() { [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }

missing=
for file in $(find . -type f \( -perm -100 -o -name '*.so' -o -name '*.so.*' \) ! -name '*.o' ! -name '*.a'); do
  if is_elf "$file"; then
    needed=$(patch_program --print-needed "$file" 2>/dev/null) || continue # linked statically
    chmod u+w "$file"
    patch_program --set-rpath "$path" "$file"
    patch_program --shrink-rpath "$file"
    if patch_program --print-interpreter "$file" >/dev/null 2>&1; then
      patch_program --set-interpreter "$loader" "$file"
    fi
    for library in $needed; do
      found=
      for folder in $(echo "$path" | tr : ' '); do
        [ ! -e "$folder/$library" ] || found=1
      done
      [ -n "$found" ] || missing="$missing $file:$library"
    done
  elif [ -n "$shell" ]; then
    sed -i "1s|^#! */\(usr/\)\{0,1\}bin/\(ba\)\{0,1\}sh|#!$shell|" "$file"
  fi
done
[ -z "$missing" ] || { echo "libraries that no package here brings:$missing" >&2; exit 1; }
