using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Commands;

/// <summary><c>nix log</c>: prints what a build printed.</summary>
internal sealed class LogCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private string _installable = "";

    public override string Summary => "show the build log of the specified packages or paths, if available";

    public override string Examples => """
        # How a program was built:
        $ nix log $(readlink -f $(which hello))
        # What a build that failed printed:
        $ nix log /nix/store/…-hello-2.12.drv
        # How a program was built that a cache has:
        $ nix log --substituters https://cache.nixos.org /nix/store/…-hello-2.12
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar.OptionalPosition("installable", v => _installable = v);
    }

    public override int Run(Session session, Output output)
    {
        var path = _installables.ParseOne(session, _installable).DerivedPaths()[0].BasePath;
        foreach (var (name, find) in Places(session, path))
        {
            session.Log.Write(Verbosity.Talkative, $"checking for build log of '{_installable}' in '{name}'");
            using var log = find();
            if (log is not null)
            {
                session.Log.Write(Verbosity.Info, $"got build log for '{_installable}' from '{name}'");
                log.CopyTo(output.Stream);
                return 0;
            }
        }

        throw new StoreException(StoreErrors.NotValid, $"build log of '{_installable}' is not available");
    }

    /// <summary>The store itself first, then those that objects are taken from.</summary>
    private static IEnumerable<(string Name, Func<Stream?> Find)> Places(Session session, Model.StorePaths.StorePath path)
    {
        if (session.Store.HasLogs)
        {
            yield return (session.Store.Local is null ? session.Store.Uri : "local", () => session.Store.Logs.FindLog(path));
        }

        if (session.Get<SubstituterSettings>().Substitute)
        {
            foreach (var substituter in session.Substituters)
            {
                yield return (substituter.Uri, () => substituter.FindLog(path));
            }
        }
    }
}
