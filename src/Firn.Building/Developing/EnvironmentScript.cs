namespace Firn.Building.Developing;

/// <summary>What bash runs in the place of a build to write down the environment that the build would have.</summary>
/// <remarks>
/// The form is that of <c>nix develop</c>: an object with <c>bashFunctions</c>, <c>variables</c> and perhaps
/// <c>structuredAttrs</c> in one output; the others stay empty. It has to do with the bash that stdenv has, which lacks
/// <c>compgen</c>.
/// </remarks>
public static class EnvironmentScript
{
    public const string Name = "get-env.sh";

    public const string Text = """
        # Sets this shell up as stdenv does for a build, and writes its variables and functions as JSON.
        set -e
        if [[ -e ${NIX_ATTRS_SH_FILE-} ]]; then source "$NIX_ATTRS_SH_FILE"; fi
        export IN_NIX_SHELL=impure dontAddDisableDepTrack=1
        if [[ -n ${stdenv-} ]]; then source "$stdenv/setup"; fi

        # Before there is anything of our own. The listing is not exact, as values have lines that look like others:
        # whatever it names is looked up again.
        mapfile -t __firnLines < <(declare -p; declare -F)
        set +u

        # JSON has escapes for the 31 characters that it does not allow as they are.
        __firnControls=() __firnEscapes=()
        for ((__firnCode = 1; __firnCode < 32; __firnCode++)); do
            printf -v __firnEscape '\\u%04x' "$__firnCode"
            printf -v __firnControl '%b' "\\x${__firnEscape:4}"
            __firnControls+=("$__firnControl") __firnEscapes+=("$__firnEscape")
        done

        __firnString() {
            local __firnText=${1//\\/\\\\} __firnAt
            __firnText=${__firnText//\"/\\\"}
            if [[ $__firnText == *[[:cntrl:]]* ]]; then
                for __firnAt in "${!__firnControls[@]}"; do
                    __firnText=${__firnText//"${__firnControls[__firnAt]}"/"${__firnEscapes[__firnAt]}"}
                done
            fi
            printf '"%s"' "$__firnText"
        }

        __firnFunctions() {
            local __firnLine __firnFunction __firnBody __firnBetween=
            for __firnLine in "${__firnLines[@]}"; do
                [[ $__firnLine == 'declare -f '* ]] || continue
                __firnFunction=${__firnLine#declare -f }
                [[ -z ${__firnSeen["() $__firnFunction"]-} ]] || continue
                __firnSeen["() $__firnFunction"]=1
                __firnBody=$(declare -f -- "$__firnFunction") || continue
                __firnBody=${__firnBody#*\{}
                printf '%s' "$__firnBetween"
                __firnString "$__firnFunction"
                printf ':'
                __firnString "${__firnBody%\}*}"
                __firnBetween=$',\n'
            done
        }

        __firnVariables() {
            local __firnLine __firnVariable __firnKind __firnItem __firnComma __firnBetween=
            for __firnLine in "${__firnLines[@]}"; do
                [[ $__firnLine =~ ^declare\ -([-xaA])\ ([A-Za-z_][A-Za-z_0-9]*)(=|$) ]] || continue
                __firnKind=${BASH_REMATCH[1]} __firnVariable=${BASH_REMATCH[2]}
                case $__firnVariable in
                    # Of this one process, or bash's own business.
                    BASH_* | COMP_* | __firn* | _ | DIRSTACK | EUID | FUNCNAME | GROUPS | HISTCMD | HOSTNAME | PIPESTATUS | PWD | RANDOM | SECONDS | SHLVL | EPOCHREALTIME | EPOCHSECONDS) continue ;;
                esac
                [[ -z ${__firnSeen[$__firnVariable]-} && $(declare -p -- "$__firnVariable" 2>/dev/null) == "declare -$__firnKind "* ]] || continue
                __firnSeen[$__firnVariable]=1
                printf '%s' "$__firnBetween"
                __firnString "$__firnVariable"
                case $__firnKind in
                    x)
                        printf ':{"type":"exported","value":'
                        __firnString "${!__firnVariable}"
                        ;;
                    -)
                        printf ':{"type":"var","value":'
                        __firnString "${!__firnVariable}"
                        ;;
                    a)
                        printf ':{"type":"array","value":['
                        local -n __firnArray=$__firnVariable
                        __firnComma=
                        for __firnItem in "${__firnArray[@]}"; do
                            printf '%s' "$__firnComma"
                            __firnString "$__firnItem"
                            __firnComma=,
                        done
                        unset -n __firnArray
                        printf ']'
                        ;;
                    A)
                        printf ':{"type":"associative","value":{'
                        local -n __firnTable=$__firnVariable
                        __firnComma=
                        for __firnItem in "${!__firnTable[@]}"; do
                            printf '%s' "$__firnComma"
                            __firnString "$__firnItem"
                            printf ':'
                            __firnString "${__firnTable[$__firnItem]}"
                            __firnComma=,
                        done
                        unset -n __firnTable
                        printf '}'
                        ;;
                esac
                printf '}'
                __firnBetween=$',\n'
            done
        }

        __firnWrite() {
            local -A __firnSeen=()
            printf '{"bashFunctions":{\n'
            __firnFunctions
            printf '},\n"variables":{\n'
            __firnVariables
            printf '}'
            if [[ -e ${NIX_ATTRS_SH_FILE-} ]]; then
                printf ',\n"structuredAttrs":{".attrs.sh":'
                __firnString "$(<"$NIX_ATTRS_SH_FILE")"
                printf ',".attrs.json":'
                __firnString "$(<"$NIX_ATTRS_JSON_FILE")"
                printf '}'
            fi
            printf '}\n'
        }

        # With structured attributes 'outputs' is a table of paths, else it lists the variables that hold them.
        __firnTargets=()
        if [[ -e ${NIX_ATTRS_SH_FILE-} ]]; then
            __firnTargets=("${outputs[@]}")
        else
            for __firnOutput in $outputs; do __firnTargets+=("${!__firnOutput}"); done
        fi
        __firnWrite >"${__firnTargets[0]}"
        for __firnOutput in "${__firnTargets[@]:1}"; do : >"$__firnOutput"; done

        """;
}
