using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store.Copying;
using Firn.Store.Nars;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Copying;

/// <summary><c>nix copy</c>: copies objects between stores, with all they refer to.</summary>
internal sealed class CopyCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly CopyStores _stores = new();
    private bool _all;
    private bool _recursive = true;
    private bool _derivations;
    private bool _checksSignatures = true;
    private bool _substitutes;
    private string? _profile;
    private string? _link;

    public override string Summary => "copy paths between Nix stores";

    public override string Examples => """
        # Copy a program and all it needs to a binary cache in a folder:
        $ nix copy --to file:///mnt/cache ./result
        # Fetch one from a cache:
        $ nix copy --from https://cache.example.org /nix/store/…-hello-2.12
        # Fill a bucket, signed:
        $ nix copy --to 's3://my-cache?region=eu-west-1&secret-key=/etc/nix/key' ./result
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _stores.Declare(grammar);
        grammar
            .Flag("all", "Apply the operation to every store path.", () => _all = true)
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true)
            .Flag("no-recursive", "Apply operation to specified paths only.", () => _recursive = false)
            .Flag("no-check-sigs", "Do not require that paths are signed by trusted keys.", () => _checksSignatures = false)
            .Flag("substitute-on-destination", "Whether to try substitutes on the destination store (only supported by SSH stores).", () => _substitutes = true, 's')
            .Value("profile", "path", "The profile to operate on.", v => _profile = v)
            .Value("out-link", "path", "Create symlinks prefixed with path to the top-level store paths fetched from the source store.", v => _link = v, 'o');
    }

    public override int Run(Session session, Output output)
    {
        _stores.Check();
        using (_stores)
        {
            var (from, to) = (_stores.Source(session), _stores.Target(session));
            var (paths, realisations) = Paths(session, from);
            var copier = new StoreCopier(from.Infos, from.Nars, to.Infos, to.NarSink, session.StoreDirectory, session.Log)
            {
                // Over one connection things come one after the other.
                AtOnce = from.Connection is null && to.Connection is null ? 8 : 1,
            };
            IReadOnlyCollection<StorePath> all = _recursive ? from.Closure.Of(paths) : paths;
            if (_substitutes && to.Infos is ISubstitutingSource there)
            {
                there.FindValid(all, substitutes: true);
            }

            copier.Copy(
                all, _stores.Describe(),
                new NarImport(Repair: false, ChecksSignatures: _checksSignatures), session.Cancellation);
            foreach (var realisation in realisations)
            {
                to.Realisations.Register(realisation);
            }

            Link(session, to, paths);
            return 0;
        }
    }

    private void Link(Session session, OpenStore to, IReadOnlyList<StorePath> paths)
    {
        if (_profile is not null)
        {
            session.Profiles.Set(_profile, paths is [var only] ? only : throw new UsageException(
                $"'--profile' requires that the arguments produce a single store path, but there are {paths.Count}"));
        }

        for (var i = 0; _link is not null && i < paths.Count; i++)
        {
            to.Roots.AddPermanentRoot(paths[i], Path.GetFullPath(_link + (i > 0 ? $"-{i}" : "")));
        }
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

        if (!_stores.HasSource)
        {
            Builds.Run(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
        }

        return InstallablePaths.Realised(session, from, installables);
    }
}
