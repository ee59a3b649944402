using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Copying;

/// <summary><c>nix store copy-sigs</c>: takes over what others have signed.</summary>
internal sealed class CopySignaturesCommand : StorePathsCommand
{
    private readonly List<string> _uris = [];

    public override string Summary => "copy store path signatures from substituters";

    public override string Examples => """
        # Have a program signed by those who built the same:
        $ nix store copy-sigs -s https://cache.nixos.org -r ./result
        """;

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Value("substituter", "store-uri", "Copy signatures from the specified store.", _uris.Add, 's');

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        if (_uris.Count == 0)
        {
            throw new UsageException("you must specify at least one substituter using '-s'");
        }

        List<OpenStore> substituters = [.. _uris.Select(session.OpenStore)];
        substituters.ForEach(s => (s.Infos as IPathInfoPrefetch)?.Prefetch(paths));
        var added = 0;
        foreach (var path in paths)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            var info = session.Store.Infos.Get(path, session.StoreDirectory);
            // Signatures of something else that goes by the same name are of no use.
            var found = substituters.Select(s => s.Infos.Find(path)).OfType<Model.PathInfos.PathInfo>()
                .Where(i => i.NarHash.Equals(info.NarHash) && i.NarSize == info.NarSize && i.References.SequenceEqual(info.References))
                .SelectMany(i => i.Signatures).Except(info.Signatures).Distinct().ToList();
            if (found.Count > 0)
            {
                session.Store.Signatures.AddSignatures(path, found);
                added += found.Count;
            }
        }

        substituters.ForEach(s => s.Dispose());
        session.Log.Write(Verbosity.Info, $"imported {added} signatures");
        return 0;
    }
}
