# Completes nix and firn in bash: source this file, or put it into /usr/share/bash-completion/completions.
# The program itself says what fits where the cursor is: commands, options, files, flakes, inputs, attributes.
_nix_complete() {
  local line=${COMP_LINE:0:COMP_POINT} words current broken kind= text
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[-1]}
  # bash takes : and = for the end of a word, and replaces only what stands behind the last of them.
  broken=${current%"${current##*[:=]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r text _; do
    if [[ -z $kind ]]; then
      kind=$text
    else
      COMPREPLY+=("${text#"$broken"}")
    fi
  done < <(NIX_GET_COMPLETIONS=$((${#words[@]} - 1)) "${words[@]}" 2>/dev/null)
  case $kind in
    filenames) compopt -o filenames 2>/dev/null ;;
    attrs) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _nix_complete nix firn
