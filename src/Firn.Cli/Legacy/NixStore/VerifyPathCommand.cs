using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;
using Firn.Store.PathInfos;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --verify-path</c>: compares the content of objects with what was recorded.</summary>
internal sealed class VerifyPathCommand : NixStoreCommand
{
    public override string Summary => "check path contents against Nix database";

    protected override int Execute(Session session, Output output)
    {
        var status = 0;
        var directory = session.StoreDirectory;
        foreach (var path in Paths(session))
        {
            session.Log.Write(Verbosity.Talkative, $"checking path '{directory.Absolute(path)}'...");
            var expected = session.Store.Infos.Get(path, directory).NarHash;
            using var found = new HashStream(expected.Algorithm);
            session.Store.Nars.WriteNar(path, found);
            if (found.Finish() is var hash && !hash.Equals(expected))
            {
                session.Log.Write(
                    Verbosity.Error, $"path '{directory.Absolute(path)}' was modified! expected hash '{expected}', got '{hash}'");
                status = 1;
            }
        }

        return status;
    }
}

/// <summary><c>nix-store --optimise</c>: links files with the same content.</summary>
internal sealed class OptimiseCommand : NixStoreCommand
{
    public override string Summary => "optimise the Nix store by hard-linking identical files";

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        session.Store.Upkeep.Optimise(session.Cancellation);
        return 0;
    }
}
