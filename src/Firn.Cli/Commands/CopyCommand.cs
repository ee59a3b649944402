using Firn.Cli.Realising;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store.Closures;
using Firn.Store.Copying;
using Firn.Store.Nars;

namespace Firn.Cli.Commands;

/// <summary><c>nix copy</c>: copies objects between stores, with all they refer to.</summary>
internal sealed class CopyCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private string? _from;
    private string? _to;
    private bool _all;
    private bool _recursive = true;
    private bool _derivations;
    private bool _checksSignatures = true;

    public override string Summary => "copy paths between Nix stores";

    public override string Examples => """
        # Copy a program and all it needs to a binary cache in a folder:
        $ nix copy --to file:///mnt/cache ./result
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        grammar
            .Value("from", "store-uri", "URL of the source Nix store.", v => _from = v)
            .Value("to", "store-uri", "URL of the destination Nix store.", v => _to = v)
            .Flag("all", "Apply the operation to every store path.", () => _all = true)
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true)
            .Flag("no-recursive", "Apply operation to specified paths only.", () => _recursive = false)
            .Flag("no-check-sigs", "Do not require that paths are signed by trusted keys.", () => _checksSignatures = false);
    }

    public override int Run(Session session, Output output)
    {
        if (_from is null && _to is null)
        {
            throw new UsageException("you must pass '--from' and/or '--to'");
        }

        using var source = _from is null ? null : session.OpenStore(_from);
        using var target = _to is null ? null : session.OpenStore(_to);
        var (from, to) = (source ?? session.Store, target ?? session.Store);
        var (paths, realisations) = Paths(session, from);
        var copier = new StoreCopier(from.Infos, from.Nars, to.Infos, to.NarSink, session.StoreDirectory, session.Log);
        copier.Copy(
            _recursive ? Closure.OfReferences(paths, from.Infos, from.Directory) : paths, Where(), new NarImport(Repair: false, ChecksSignatures: _checksSignatures), session.Cancellation);
        foreach (var realisation in realisations)
        {
            to.Realisations.Register(realisation);
        }

        return 0;
    }

    private (IReadOnlyList<StorePath> Paths, IReadOnlyList<Realisation> Realisations) Paths(Session session, OpenStore from)
    {
        if (_all)
        {
            return _installables.Arguments.Count > 0
                ? throw new UsageException("'--all' does not expect arguments")
                : ([.. from.Infos.ListAll()], []);
        }

        var installables = _installables.Parse(session);
        if (_derivations)
        {
            return ([.. InstallablePaths.Derivations(session, installables)], []);
        }

        if (_from is null)
        {
            Builds.Run(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
        }

        return InstallablePaths.Realised(session, from, installables);
    }

    private string Where() => (_from, _to) switch
    {
        (null, _) => $"to '{_to}'",
        (_, null) => $"from '{_from}'",
        _ => $"from '{_from}' to '{_to}'",
    };
}
