using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Stores;
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
        session.Log.Write(Verbosity.Talkative, $"checking for build log of '{_installable}' in 'local'");
        using var log = session.Store.Logs.FindLog(path) ?? throw new StoreException(
            StoreErrors.NotValid, $"build log of '{_installable}' is not available");
        session.Log.Write(Verbosity.Info, $"got build log for '{_installable}' from 'local'");
        log.CopyTo(output.Stream);
        return 0;
    }
}
