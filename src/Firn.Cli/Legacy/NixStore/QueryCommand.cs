using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store;
using Firn.Store.Closures;
using Firn.Store.Local;
using Firn.Store.PathInfos;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --query</c>: prints what the store knows about objects.</summary>
internal sealed class QueryCommand : NixStoreCommand
{
    private delegate void Query(QueryCommand self, Session session, OpenStore store, TextWriter text);

    private Query? _query;
    private string _name = "";
    private bool _usesOutput;
    private bool _includesOutputs;

    public override string Summary => "display information about store paths";

    public override string Examples => """
        # Everything that a program needs to run:
        $ nix-store --query --requisites $(which hello)
        # What keeps an object from being collected:
        $ nix-store --query --roots /nix/store/…-glibc-2.40
        # The derivation that made an object:
        $ nix-store -q --deriver $(which hello)
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        void Kind(string name, string description, Query query, char shortName = '\0', params string[] aliases) =>
            grammar.Flag(name, description, () => Choose(name, query), shortName, aliases: aliases);

        Kind("outputs", "Print the output paths of derivations; this is the default.", (s, se, st, t) => s.Outputs(se, st, t));
        Kind("requisites", "Print the closure of objects.", (s, se, st, t) => s.Related(se, st, t, (path, found) =>
            found.UnionWith(s._includesOutputs ? st.Closure.WithOutputs([path], st.Outputs) : st.Closure.Of([path]))), 'R');
        Kind("references", "Print what objects refer to.", (s, se, st, t) => s.Related(se, st, t, (path, found) =>
            found.UnionWith(st.Infos.Get(path, st.Directory).References)));
        Kind("referrers", "Print what refers to objects.", (s, se, st, t) => s.Related(se, st, t, (path, found) =>
            found.UnionWith(st.Referrers.FindReferrers(path))), aliases: "referers");
        Kind("referrers-closure", "Print everything that refers to objects, directly or not.", (s, se, st, t) => s.Related(se, st, t, (path, found) =>
            found.UnionWith(st.ReferrerClosure.Of([path]))), aliases: "referers-closure");
        Kind("deriver", "Print the derivation that made an object.", (s, se, st, t) => s.Derivers(se, st, t), 'd');
        Kind("valid-derivers", "Print the derivations in the store that have objects as outputs.", (s, se, st, t) => s.ValidDerivers(se, st, t));
        grammar.Value("binding", "name", "Print a variable of the environment of derivations.", v => { _name = v; Choose("binding", (s, se, st, t) => s.Bindings(se, st, t)); }, 'b');
        Kind("hash", "Print the SHA-256 of the archive of objects.", (s, se, st, t) => s.Each(se, st, path =>
            t.WriteLine(st.Infos.Get(path, st.Directory).NarHash.ToString(HashFormat.Nix32))));
        Kind("size", "Print the size in bytes of the archive of objects.", (s, se, st, t) => s.Each(se, st, path =>
            t.WriteLine(st.Infos.Get(path, st.Directory).NarSize)));
        Kind("tree", "Print the references of objects as a tree.", (s, se, st, t) => ReferenceGraphs.PrintTree(st, s.Paths(se), t));
        Kind("graph", "Print the references of objects in the format of Graphviz.", (s, se, st, t) => ReferenceGraphs.PrintDot(st, s.UsedPaths(se, st), t));
        Kind("graphml", "Print the references of objects in the format GraphML.", (s, se, st, t) => ReferenceGraphs.PrintGraphMl(st, s.UsedPaths(se, st), t));
        Kind("resolve", "Print the objects that links lead to.", (s, se, st, t) => s.Print(st, s.Paths(se), t));
        Kind("roots", "Print the links that keep objects from being collected.", (s, se, st, t) => s.Roots(se, st, t));
        grammar
            .Flag("use-output", "Ask about the outputs of derivations instead of the derivations.", () => _usesOutput = true, 'u')
            .Flag("include-outputs", "With --requisites, include the outputs of derivations.", () => _includesOutputs = true);
    }

    protected override int Execute(Session session, Output output)
    {
        (_query ?? ((s, se, st, t) => s.Outputs(se, st, t)))(this, session, session.Store, output.Text);
        return 0;
    }

    private void Choose(string name, Query query)
    {
        if (_query is not null && _query.Method != query.Method)
        {
            throw new UsageException($"query type '--{name}' conflicts with earlier flag");
        }

        _query = query;
    }

    private void Outputs(Session session, OpenStore store, TextWriter text)
    {
        foreach (var path in Paths(session))
        {
            Print(store, Use(session, store, path, usesOutput: true), text);
        }
    }

    /// <summary>Returns the path itself, or the outputs of the derivation that it is.</summary>
    private IReadOnlyCollection<StorePath> Use(Session session, OpenStore store, StorePath path, bool usesOutput)
    {
        if (!usesOutput || !path.IsDerivation)
        {
            return [path];
        }

        var derivation = store.Derivations.Read(path);
        return new SortedSet<StorePath>(derivation.Outputs.Select(o => o.Output.FindPath(store.Directory, derivation.Name, o.Name)
            ?? throw new CommandException("Cannot use output path of floating content-addressing derivation until we know what it is (e.g. by building it)")));
    }

    private SortedSet<StorePath> UsedPaths(Session session, OpenStore store) =>
        new(Paths(session).SelectMany(path => Use(session, store, path, _usesOutput)));

    private void Related(Session session, OpenStore store, TextWriter text, Action<StorePath, SortedSet<StorePath>> add)
    {
        var found = new SortedSet<StorePath>();
        foreach (var path in Paths(session).SelectMany(path => Use(session, store, path, _usesOutput)))
        {
            add(path, found);
        }

        Print(store, Closure.Sort(found, store.Infos, store.Directory).Reverse(), text);
    }

    private void Each(Session session, OpenStore store, Action<StorePath> print)
    {
        foreach (var path in Paths(session).SelectMany(path => Use(session, store, path, _usesOutput)))
        {
            print(path);
        }
    }

    private void Derivers(Session session, OpenStore store, TextWriter text)
    {
        foreach (var path in Paths(session))
        {
            text.WriteLine(store.Infos.Get(path, store.Directory).Deriver is { } deriver
                ? store.Directory.Absolute(deriver)
                : "unknown-deriver");
        }
    }

    private void ValidDerivers(Session session, OpenStore store, TextWriter text)
    {
        var found = new SortedSet<StorePath>(Paths(session).SelectMany(store.Outputs.FindDerivers));
        Print(store, Closure.Sort(found, store.Infos, store.Directory).Reverse(), text);
    }

    private void Bindings(Session session, OpenStore store, TextWriter text)
    {
        foreach (var path in Paths(session))
        {
            var drv = path.IsDerivation ? path : store.Infos.Get(path, store.Directory).Deriver
                ?? throw new StoreException(StoreErrors.NotValid, $"deriver of path '{store.Directory.Absolute(path)}' is not known");
            text.WriteLine(store.Derivations.Read(drv).FindEnvironment(ByteString.Of(_name).Span)?.ToString()
                ?? throw new CommandException($"derivation '{store.Directory.Absolute(drv)}' has no environment binding named '{_name}'"));
        }
    }

    private void Roots(Session session, OpenStore store, TextWriter text)
    {
        var settings = session.Get<LocalStoreSettings>();
        var above = store.ReferrerClosure.Of(UsedPaths(session, store), new ReferrerClosureOptions(settings.KeepOutputs, settings.KeepDerivations));
        foreach (var root in store.Roots.ListRoots().Where(r => above.Contains(r.Path))
            .OrderBy(r => r.Path).ThenBy(r => r.Link, Utf8Order.Comparer))
        {
            text.WriteLine($"{root.Link} -> {store.Directory.Absolute(root.Path)}");
        }
    }

    private void Print(OpenStore store, IEnumerable<StorePath> paths, TextWriter text)
    {
        foreach (var path in paths)
        {
            text.WriteLine(store.Directory.Absolute(path));
        }
    }
}
