using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Copying;

/// <summary><c>nix store copy-sigs</c>: takes over what others have signed.</summary>
internal sealed class CopySignaturesCommand : StorePathsCommand
{
    private readonly SignatureStores _substituters = new();

    public override string Summary => "copy store path signatures from substituters";

    public override string Examples => """
        # Have a program signed by those who built the same:
        $ nix store copy-sigs -s https://cache.nixos.org -r ./result
        """;

    protected override void DeclareOptions(Grammar grammar) =>
        _substituters.Declare(grammar, "Copy signatures from the specified store.");

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        if (_substituters.IsEmpty)
        {
            throw new UsageException("you must specify at least one substituter using '-s'");
        }

        using var substituters = _substituters;
        substituters.Open(session, paths);
        var added = 0;
        foreach (var path in paths)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            var info = session.Store.Infos.Get(path, session.StoreDirectory);
            var found = substituters.Find(info).SelectMany(i => i.Signatures).Except(info.Signatures).Distinct().ToList();
            if (found.Count > 0)
            {
                session.Store.Signatures.AddSignatures(path, found);
                added += found.Count;
            }
        }

        session.Log.Write(Verbosity.Info, $"imported {added} signatures");
        return 0;
    }
}
