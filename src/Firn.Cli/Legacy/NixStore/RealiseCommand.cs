using Firn.Cli.Realising;
using Firn.Cli.Parsing;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --realise</c>: builds derivations, fetches objects.</summary>
internal sealed class RealiseCommand : NixStoreCommand
{
    private BuildMode _mode = BuildMode.Normal;
    private bool _isDry;
    private bool _ignoresUnknown;
    private int _roots;

    public override string Summary => "build or fetch store objects";

    public override string Examples => """
        # Build a derivation:
        $ nix-store --realise $(nix-instantiate ./hello.nix)
        # Build it again and compare:
        $ nix-store -r --check $(nix-instantiate ./hello.nix)
        """;

    protected override void DeclareOptions(Grammar grammar) => grammar
        .Flag("dry-run", "Only say what would be built or fetched.", () => _isDry = true)
        .Flag("repair", "Make anew what is missing or damaged.", () => _mode = BuildMode.Repair)
        .Flag("check", "Build again what is there and compare.", () => _mode = BuildMode.Check)
        .Flag("ignore-unknown", "Pass over paths that nobody can make.", () => _ignoresUnknown = true);

    protected override int Execute(Session session, Output output)
    {
        var wanted = Arguments.Select(a => StorePathLookup.FollowWithOutputs(session.StoreDirectory, a)).ToList();
        DerivedPath Request((StorePath Path, OutputsSpec? Outputs) w) =>
            w.Path.IsDerivation ? DerivedPath.Of(w.Path, w.Outputs ?? OutputsSpec.All.Instance) : new DerivedPath.Opaque(w.Path);

        var missing = session.FindMissing([.. wanted.Select(Request)]);
        if (_ignoresUnknown)
        {
            wanted.RemoveAll(w => missing.Unknown.Contains(w.Path));
        }

        var requests = wanted.Select(Request).ToList();
        if (_isDry)
        {
            Builds.PrintMissing(session, requests);
            return 0;
        }

        Builds.Run(session, requests, _mode);
        if (_ignoresUnknown)
        {
            return 0;
        }

        foreach (var (path, outputs) in wanted)
        {
            foreach (var line in Results(session, path, outputs).Where(_ => !IsSilent))
            {
                output.Line(line);
            }
        }

        return 0;
    }

    private IEnumerable<string> Results(Session session, StorePath path, OutputsSpec? outputs)
    {
        var store = session.Store;
        if (GcRoot is null)
        {
            session.WarnOnce("you did not specify '--add-root'; the result might be removed by the garbage collector");
        }

        _roots++;
        if (!path.IsDerivation)
        {
            return [Root(session, path, "")];
        }

        var derivation = store.Derivations.Read(path);
        var found = store.Outputs.FindOutputs(path);
        var results = new SortedSet<string>(Model.Text.Utf8Order.Comparer);
        foreach (var name in (outputs ?? OutputsSpec.All.Instance).Select(derivation))
        {
            var output = found.GetValueOrDefault(name) ?? throw new StoreException(
                StoreErrors.BadDerivation, $"derivation '{store.Directory.Absolute(path)}' does not have an output named '{name}'");
            results.Add(Root(session, output, name == "out" ? "" : "-" + name));
        }

        return results;
    }

    private string Root(Session session, StorePath path, string suffix)
    {
        if (GcRoot is null)
        {
            return session.StoreDirectory.Absolute(path);
        }

        var link = GcRoot + (_roots > 1 ? $"-{_roots}" : "") + suffix;
        session.Store.Roots.AddPermanentRoot(path, link);
        return link;
    }
}

/// <summary><c>nix-store --verify</c>: checks the database, and on request the objects.</summary>
internal sealed class VerifyCommand : NixStoreCommand
{
    private bool _checksContents;
    private bool _repairs;

    public override string Summary => "check Nix database for consistency";

    public override string Examples => """
        # Check every file against its hash, and mend what is damaged:
        $ nix-store --verify --check-contents --repair
        """;

    protected override void DeclareOptions(Grammar grammar) => grammar
        .Flag("check-contents", "Check the content of every object.", () => _checksContents = true)
        .Flag("repair", "Mend what is damaged, by fetching or building it again.", () => _repairs = true);

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        if (!session.Store.Upkeep.Verify(_checksContents, _repairs, session.Cancellation))
        {
            return 0;
        }

        session.Log.Write(Verbosity.Warning, "not all store errors were fixed");
        return 1;
    }
}

/// <summary><c>nix-store --repair-path</c>: makes objects anew.</summary>
internal sealed class RepairPathCommand : NixStoreCommand
{
    public override string Summary => "re-download path from substituter";

    protected override int Execute(Session session, Output output)
    {
        foreach (var path in Paths(session))
        {
            session.Builder.Repair(path, session.Cancellation);
        }

        return 0;
    }
}
