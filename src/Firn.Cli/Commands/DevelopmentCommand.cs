using Firn.Building.Outputs;
using Firn.Cli.Developing;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary>A command that works with the environment in which a derivation is built.</summary>
internal abstract class DevelopmentCommand : Command
{
    private readonly ProfileOption _profile = new();
    private readonly List<(string Installable, string Folder)> _redirects = [];
    private string? _installable;

    protected InstallableOptions Installables { get; } = new() { Attributes = FlakeAttributes.Shells };

    public sealed override void SetDefaults(CommonOptions options) => Installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        Installables.Declare(grammar, takesArguments: false);
        _profile.Declare(grammar);
        grammar
            .Pair("redirect", "installable", "outputs-dir", "Redirect a store path to a mutable location.", (what, folder) => _redirects.Add((what, folder)))
            .OptionalPosition("installable", v => _installable = v);
    }

    /// <summary>Returns what to work on.</summary>
    protected Installable Find(Session session) => Installables.ParseOne(session, _installable ?? (Installables.Expressions.IsGiven ? "" : "."));

    /// <summary>Builds what the environment consists of, and returns the file that describes it; the profile keeps it.</summary>
    protected StorePath Build(Session session, Installable installable)
    {
        var written = new EnvironmentBuild(session).Run(installable);
        _profile.Update(session, [written]);
        return written;
    }

    /// <summary>Writes the code that makes a shell the builder's; what it builds goes into a folder of the current one.</summary>
    protected string Code(Session session, DevelopmentEnvironment environment) =>
        EnvironmentCode.Of(environment, Path.Combine(System.Environment.CurrentDirectory, "outputs"), (code, rewrites) => Redirect(session, code, rewrites));

    private void Redirect(Session session, string code, Rewrites rewrites)
    {
        foreach (var (text, folder) in _redirects)
        {
            var installable = Installables.ParseOne(session, text);
            foreach (var from in InstallablePaths.Outputs(session, [installable]).Select(session.StoreDirectory.Absolute))
            {
                if (code.Contains(from, StringComparison.Ordinal))
                {
                    session.Log.Write(Verbosity.Info, $"redirecting '{from}' to '{Path.GetFullPath(folder)}'");
                    rewrites.Set(from, Path.GetFullPath(folder));
                }
                else
                {
                    session.Log.Write(Verbosity.Warning, $"'{installable.What}' (path '{from}') is not used by this build environment");
                }
            }
        }
    }
}
