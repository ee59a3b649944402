using Firn.Archive.Hashing;
using Firn.Cli.Parsing;
using Firn.Model.PathInfos;
using Firn.Sessions;
using Firn.Store.Local.Adding;
using Firn.Store.PathInfos;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --dump-db</c>: prints what the database says of objects, for <c>--load-db</c> to read.</summary>
internal sealed class DumpDbCommand : NixStoreCommand
{
    public override string Summary => "export Nix database";

    protected override int Execute(Session session, Output output)
    {
        var paths = Arguments.Count > 0 ? Paths(session) : session.Store.Infos.ListAll();
        foreach (var path in paths)
        {
            RegistrationText.Write(
                output.Text, session.Store.Infos.Get(path, session.StoreDirectory), session.StoreDirectory, withDeriver: true, withHash: true);
        }

        return 0;
    }
}

/// <summary><c>nix-store --load-db</c>: registers what <c>--dump-db</c> printed.</summary>
internal sealed class LoadDbCommand : NixStoreCommand
{
    public override string Summary => "import Nix database";

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        RegisterValidityCommand.Register(session, replaces: true, hasHash: true, canonicalises: false);
        return 0;
    }
}

/// <summary><c>nix-store --register-validity</c>: registers objects that are in place already.</summary>
internal sealed class RegisterValidityCommand : NixStoreCommand
{
    private bool _replaces;
    private bool _hasHash;

    public override string Summary => "register store paths that are in place as valid";

    protected override void DeclareOptions(Grammar grammar) => grammar
        .Flag("reregister", "Register paths again that are valid already.", () => _replaces = true)
        .Flag("hash-given", "The input has hash and size of each path.", () => _hasHash = true);

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        Register(session, _replaces, _hasHash, canonicalises: true);
        return 0;
    }

    /// <summary>Reads registrations from standard input and registers them all at once.</summary>
    public static void Register(Session session, bool replaces, bool hasHash, bool canonicalises)
    {
        var store = session.LocalStore;
        var infos = new Dictionary<Model.StorePaths.StorePath, PathInfo>();
        using var lines = new StreamReader(Console.OpenStandardInput());
        while (RegistrationText.Read(lines, store.Directory, hasHash) is { } info)
        {
            if (store.IsValid(info.Path) && !replaces)
            {
                continue;
            }

            var real = store.Layout.RealPath(info.Path);
            if (canonicalises)
            {
                CanonicalMetadata.Apply(real, new CanonicalOptions(null, store.Settings.IgnoredAcls));
            }

            if (!hasHash)
            {
                var (hash, size) = PathHash.OfNar(real);
                info = info with { NarHash = hash, NarSize = size };
            }

            infos[info.Path] = info;
        }

        store.RegisterValidPaths(infos.Values);
    }
}
