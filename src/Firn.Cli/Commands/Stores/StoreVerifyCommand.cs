using System.Globalization;
using Firn.Cli.Commands.Copying;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store verify</c>: checks that objects are as they were recorded, and by whom.</summary>
internal sealed class StoreVerifyCommand : StorePathsCommand
{
    private const int Corrupted = 1;
    private const int Untrusted = 2;
    private const int Failed = 4;

    private bool _skipsContents;
    private bool _skipsTrust;
    private readonly SignatureStores _substituters = new();
    private int _needed;

    public override string Summary => "verify the integrity of store paths";

    public override string Examples => """
        # Read the whole store, say what a damage touches, and mend it from caches or by building:
        $ nix store verify --repair
        # Check all objects and who made them:
        $ nix store verify --all
        # Check that a cache has signed what a program needs:
        $ nix store verify -r -s https://cache.example.org ./result
        # Check what a program needs, without asking who made it:
        $ nix store verify --no-trust -r ./result
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        _substituters.Declare(grammar, "Use signatures from the specified store.");
        grammar
            .Flag("no-contents", "Do not verify the contents of each store path.", () => _skipsContents = true)
            .Flag("no-trust", "Do not verify whether each store path is trusted.", () => _skipsTrust = true)
            .Value("sigs-needed", "n", "Require that each path is signed by at least n different keys.", v => _needed = int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n
                : throw new UsageException($"'{v}' is not a number of signatures"), 'n');
    }

    protected override int? ExecuteWithout(Session session, Output output) => new WholeStoreCheck(session, output).Run(Repairs) ? 0 : Corrupted;

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        var status = 0;
        var keys = session.Get<SubstituterSettings>().TrustedPublicKeys.Select(PublicKey.Parse).ToList();
        using var substituters = _substituters;
        substituters.Open(session, paths);
        foreach (var path in paths)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            try
            {
                status |= Check(session, session.Store.Infos.Get(path, session.StoreDirectory), keys);
            }
            catch (Exception e) when (e is FirnException or IOException or UnauthorizedAccessException)
            {
                session.Log.Write(Verbosity.Error, $"error: {e.Message}");
                status |= Failed;
            }
        }

        return status;
    }

    private int Check(Session session, PathInfo info, IReadOnlyList<PublicKey> keys)
    {
        var status = 0;
        var directory = session.StoreDirectory;
        var path = directory.Absolute(info.Path);
        var activity = session.Log.Start(Verbosity.Info, ActivityKind.Unknown, $"checking '{path}'", 0);
        if (!_skipsContents)
        {
            using var hash = new HashStream(info.NarHash.Algorithm);
            session.Store.Nars.WriteNar(info.Path, hash);
            if (hash.Finish() is var found && !found.Equals(info.NarHash))
            {
                session.Log.Report(activity, ActivityEvent.CorruptedPath, path);
                session.Log.Write(Verbosity.Error, $"path '{path}' was modified! expected hash '{info.NarHash}', got '{found}'");
                status |= Corrupted;
            }
        }

        var isTrusted = _skipsTrust
            || (info.IsUltimate && _needed == 0)
            || IsSigned(info, directory, keys);
        if (!isTrusted)
        {
            session.Log.Report(activity, ActivityEvent.UntrustedPath, path);
            session.Log.Write(Verbosity.Error, $"path '{path}' is untrusted");
            status |= Untrusted;
        }

        session.Log.Stop(activity);
        return status;
    }

    private bool IsSigned(PathInfo info, StoreDirectory directory, IReadOnlyList<PublicKey> keys)
    {
        // Each store is asked only when the signatures of those before are not enough.
        foreach (var known in _substituters.Find(info).Prepend(info))
        {
            info = info with { Signatures = [.. info.Signatures.Union(known.Signatures)] };
            if (known.IsContentAddressed(directory) || info.CountSignatures(directory, keys) >= Math.Max(1, _needed))
            {
                return true;
            }
        }

        return false;
    }
}
