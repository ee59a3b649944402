using System.Text;
using Firn.Building.Outputs;
using Firn.Cli.Rendering;

namespace Firn.Cli.Developing;

/// <summary>Writes the code that gives a bash the environment of a build.</summary>
internal static class EnvironmentCode
{
    // Of the machine, or of the one build that wrote the environment down.
    private static readonly HashSet<string> _ignored =
    [
        "BASHOPTS", "HOME", "NIX_BUILD_TOP", "NIX_ENFORCE_PURITY", "NIX_LOG_FD", "NIX_REMOTE", "PPID", "SHELLOPTS", "SSL_CERT_FILE",
        "TEMP", "TEMPDIR", "TERM", "TMP", "TMPDIR", "TZ", "UID",
    ];

    // Those of the user follow those of the build, or hardly any program of the user's would run.
    private static readonly string[] _joined = ["PATH", "XDG_DATA_DIRS"];

    /// <summary>Writes it.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="outputs">The folder into which what is built there goes, in the place of the store.</param>
    /// <param name="redirect">Adds to what is replaced, given the code so far.</param>
    public static string Of(DevelopmentEnvironment environment, string outputs, Action<string, Rewrites> redirect)
    {
        var code = new StringBuilder("unset shellHook\n");
        foreach (var name in _joined)
        {
            code.Append($"{name}=${{{name}:-}}\nnix_saved_{name}=\"${name}\"\n");
        }

        Write(code, environment);
        foreach (var name in _joined)
        {
            code.Append($"{name}=\"${name}${{nix_saved_{name}:+:$nix_saved_{name}}}\"\n");
        }

        code.Append("export NIX_BUILD_TOP=\"$(mktemp -d -t nix-shell.XXXXXX)\"\n");
        foreach (var name in (ReadOnlySpan<string>)["TMP", "TMPDIR", "TEMP", "TEMPDIR"])
        {
            code.Append($"export {name}=\"$NIX_BUILD_TOP\"\n");
        }

        var rewrites = new Rewrites();
        foreach (var (name, path) in environment.Outputs().Where(o => o.Path.Length > 0))
        {
            rewrites.Set(path, $"{outputs}/{name}");
        }

        var text = code.ToString();
        redirect(text, rewrites);
        return rewrites.Apply(text) + Attributes(environment.Attributes) + "eval \"${shellHook:-}\"\n";
    }

    private static void Write(StringBuilder code, DevelopmentEnvironment environment)
    {
        foreach (var (name, variable) in environment.Variables.Where(v => !_ignored.Contains(v.Key)))
        {
            switch (variable)
            {
                case ShellVariable.Text text:
                    code.Append($"{name}={ShellText.Quote(text.Value)}\n");
                    code.Append(text.IsExported ? $"export {name}\n" : "");
                    break;
                case ShellVariable.List list:
                    code.Append($"declare -a {name}=({string.Concat(list.Items.Select(i => ShellText.Quote(i) + " "))})\n");
                    break;
                case ShellVariable.Table table:
                    code.Append($"declare -A {name}=({string.Concat(table.Items.Select(i => $"[{ShellText.Quote(i.Key)}]={ShellText.Quote(i.Value)} "))})\n");
                    break;
            }
        }

        foreach (var (name, body) in environment.Functions)
        {
            code.Append($"{name} ()\n{{\n{body}}}\n");
        }
    }

    // The shell writes the files itself, so that they are there for whoever reads the code later.
    private static string Attributes(AttributeFiles? attributes) => attributes is null ? "" : $"""
        printf %s {ShellText.Quote(attributes.Json)} >"$NIX_BUILD_TOP/.attrs.json"
        printf %s {ShellText.Quote(attributes.Script)} >"$NIX_BUILD_TOP/.attrs.sh"
        export NIX_ATTRS_JSON_FILE="$NIX_BUILD_TOP/.attrs.json" NIX_ATTRS_SH_FILE="$NIX_BUILD_TOP/.attrs.sh"

        """;
}
