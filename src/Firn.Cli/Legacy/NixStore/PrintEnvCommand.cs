using Firn.Model.Diagnostics;
using Firn.Cli.Rendering;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --print-env</c>: prints the environment of a derivation for a shell to read.</summary>
internal sealed class PrintEnvCommand : NixStoreCommand
{
    public override string Summary => "print the build environment of a derivation";

    public override string Examples => """
        # Be in the environment of a build:
        $ eval "$(nix-store --print-env $(nix-instantiate ./hello.nix))"
        """;

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var path])
        {
            throw new UsageException("'--print-env' requires one derivation store path");
        }

        var derivation = session.Store.Derivations.Read(session.StoreDirectory.Parse(path));
        foreach (var (name, value) in derivation.Environment)
        {
            // The empty line is upstream's.
            output.Line($"export {name}; {name}={ShellText.Quote(value.ToString())}\n");
        }

        output.Line($"export _args; _args={ShellText.Quote(string.Join(' ', derivation.Arguments))}");
        return 0;
    }
}
