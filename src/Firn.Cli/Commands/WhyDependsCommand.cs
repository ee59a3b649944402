using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands;

/// <summary><c>nix why-depends</c>: shows how one object comes into the closure of another.</summary>
internal sealed class WhyDependsCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private string _package = "";
    private string _dependency = "";
    private bool _all;
    private bool _precise;
    private bool _derivations;

    public override string Summary => "show why a package has another package in its closure";

    public override string Examples => """
        # Why does the result need glibc, and in which files?
        $ nix why-depends --precise ./result /nix/store/…-glibc-2.40
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar
            .Position("package", v => _package = v)
            .Position("dependency", v => _dependency = v)
            .Flag("all", "Show all edges in the dependency graph leading from package to dependency, rather than just a shortest path.", () => _all = true, 'a')
            .Flag("precise", "For each edge in the dependency graph, show the files in the parent that cause the dependency.", () => _precise = true)
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true);
    }

    public override int Run(Session session, Output output)
    {
        var package = _installables.ParseOne(session, _package);
        var dependency = _installables.ParseOne(session, _dependency);
        var from = Builds.StorePaths(session, [package], _derivations)[0];
        var to = FindUnbuilt(session, dependency);
        var closure = session.Store.Closure.Of([from]);
        if (to is null || !closure.Contains(to))
        {
            session.Log.Write(Verbosity.Error, $"'{package.What}' does not depend on '{dependency.What}'");
            return 0;
        }

        var graph = new DependencyPaths(closure, p => session.Store.Infos.Get(p, session.StoreDirectory).References, to);
        new DependencyPathsText(session, graph, from, to, _all, _precise, new Ansi(Terminal.IsOutputTerminal), output.Text).Print();
        return 0;
    }

    // What has not been built cannot be depended upon: no need to build it.
    private StorePath? FindUnbuilt(Session session, Installable dependency)
    {
        try
        {
            return _derivations
                ? InstallablePaths.Derivations(session, [dependency]).First()
                : InstallablePaths.Outputs(session, [dependency]).First();
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
