using System.Text.Json;
using Firn.Building.Running;
using Firn.Cli.Realising;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix build</c>: builds installables and links to the results.</summary>
internal sealed class BuildCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly JsonOptions _json = new();
    private readonly ProfileOption _profile = new();
    private string? _link = "result";
    private BuildMode _mode = BuildMode.Normal;
    private BuildResults? _results;
    private bool _isDry;
    private bool _prints;
    private readonly List<string> _pushedTo = [];
    private bool _debugs;
    private string? _debugCommand;

    public override string Summary => "build a derivation or fetch a store path";

    public override string Examples => """
        # Build an attribute of a file; ./result links to it:
        $ nix build -f ./default.nix hello
        # Build it again and compare:
        $ nix build -f ./default.nix hello --rebuild
        # Look around where a build failed:
        $ nix build -f ./default.nix hello --debug-failed
        # Fetch or build an object of the store, and print where it is:
        $ nix build --no-link --print-out-paths /nix/store/…-hello.drv^out
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _json.Declare(grammar);
        _profile.Declare(grammar);
        grammar
            .Value("out-link", "path", "Use path as prefix for the symlinks to the build results. It defaults to result.", v => _link = v, 'o')
            .Flag("no-link", "Do not create symlinks to the build results.", () => _link = null)
            .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true)
            .Flag("debug-failed", "When a build fails, open a shell in its build directory, with its sandbox, environment and phases.", () => _debugs = true)
            .Value("debug-command", "command", "What the shell of --debug-failed runs instead of reading from the terminal.", v => (_debugs, _debugCommand) = (true, v))
            .Flag("print-out-paths", "Print the resulting output paths.", () => _prints = true)
            .Value("push", "cache", "Push the results and all they refer to to a cache, as firn cache push does; may be given several times.", _pushedTo.Add)
            .Flag("rebuild", "Rebuild an already built package and compare the result to the existing store paths.", () => _mode = BuildMode.Check);
    }

    public override int Run(Session session, Output output)
    {
        if (_debugs && _debugCommand is null && Console.IsInputRedirected)
        {
            throw new UsageException("'--debug-failed' opens a shell, and standard input is no terminal", "Give what it is to run with '--debug-command'.");
        }

        // A name that nobody knows is better known now than after the build.
        var caches = new Caches.KnownCaches(session);
        _pushedTo.ForEach(caches.Check);
        var installables = _installables.Parse(session);
        var paths = installables.SelectMany(i => i.DerivedPaths()).ToList();
        if (_isDry)
        {
            Builds.PrintMissing(session, paths, Verbosity.Error);
        }
        else
        {
            _results = Builds.RunInstallables(session, paths, _installables.Expressions.Evaluation.Repairs ? BuildMode.Repair : _mode, _debugs ? new DebugShell(_debugCommand) : null);
        }

        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartArray();
                foreach (var path in paths)
                {
                    Write(json, session, path);
                }

                json.WriteEndArray();
            });
        }

        if (_isDry)
        {
            return 0;
        }

        for (var i = 0; i < paths.Count; i++)
        {
            foreach (var (name, path) in Results(session, paths[i]))
            {
                if (_link is not null && session.Store.HasRoots)
                {
                    var link = _link + (i > 0 ? $"-{i}" : "") + (name is "" or "out" ? "" : "-" + name);
                    session.Store.Roots.AddPermanentRoot(path!, Path.GetFullPath(link));
                }

                if (_prints)
                {
                    output.Line(session.StoreDirectory.Absolute(path!));
                }
            }
        }

        _profile.Update(session, [.. paths.SelectMany(p => Results(session, p).Values.OfType<StorePath>()).Distinct()]);
        if (_pushedTo.Count > 0)
        {
            var results = paths.SelectMany(p => Results(session, p).Values.OfType<StorePath>()).ToList();
            var (_, realisations) = InstallablePaths.Realised(session, session.Store, installables);
            _pushedTo.ForEach(cache => caches.Push(cache, results, realisations));
        }

        return 0;
    }

    /// <summary>Returns the outputs that are meant, by name; a plain object has the empty name.</summary>
    private SortedDictionary<string, StorePath?> Results(Session session, DerivedPath path)
    {
        var results = new SortedDictionary<string, StorePath?>(Utf8Order.Comparer);
        if (path is not DerivedPath.Built built)
        {
            results[""] = path.BasePath;
            return results;
        }

        var known = session.Store.Outputs.FindOutputs(InstallablePaths.Resolve(session.Store, built.Derivation));
        foreach (var (name, output) in known.Where(o => built.Outputs.Contains(o.Key)))
        {
            results[name] = output;
        }

        // Only the build itself knows what an impure one made.
        if (_results?.Items.FirstOrDefault(i => i.Path.Equals(path)) is { } item)
        {
            foreach (var (name, output) in item.Result.Outputs)
            {
                results[name] = output;
            }
        }

        return results;
    }

    private void Write(Utf8JsonWriter json, Session session, DerivedPath path)
    {
        if (path is not DerivedPath.Built built)
        {
            json.WriteStringValue(session.StoreDirectory.Absolute(path.BasePath));
            return;
        }

        json.WriteStartObject();
        json.WriteString("drvPath", built.Derivation.ToString(session.StoreDirectory));
        json.WriteStartObject("outputs");
        foreach (var (name, output) in Results(session, path))
        {
            json.WriteString(name, output is null ? null : session.StoreDirectory.Absolute(output));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
