using Firn.Archive.Hashing;
using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Signing;
using Firn.Store.Local.Database;
using Firn.Store.Nars;
using Firn.Store.References;

namespace Firn.Store.Local.Adding;

/// <summary>Adds objects that come with all that is recorded about them.</summary>
internal sealed class NarImporter(StoreWriter writer, DerivationCheck check, bool requiresSignatures, IReadOnlyCollection<PublicKey> trustedKeys)
{
    internal void Add(PathInfo info, Stream nar, NarImport import)
    {
        var directory = writer.Directory;
        if (import.ChecksSignatures && !Trusts(info))
        {
            throw new StoreException(
                StoreErrors.NotSigned, $"cannot add path '{directory.Absolute(info.Path)}' because it lacks a signature by a trusted key",
                hints: "have it signed by a key in 'trusted-public-keys', or check that its origin is the one you mean");
        }

        var isRead = writer.Add(info.Path, import.Repair, real =>
        {
            using var hash = new HashStream(HashAlgorithm.Sha256);
            using var content = info.ContentAddress is { Method: not ContentAddressMethod.NixArchive } address
                ? ContentHash.For(address.Method, address.Hash.Algorithm)
                : null;
            using (var restorer = new TreeRestorer(real, writer.RestoreOptions))
            {
                var hasher = new NarWriter(hash);
                var both = new TeeVisitor(hasher, restorer);
                NarReader.Read(nar, content is null ? both : new TeeVisitor(both, content));
                hasher.Finish();
            }

            Compare(info, hash);
            CheckContentAddress(info, content?.Finish() ?? OfNar(info, real));
            return new Registration(info, check.Outputs(info.Path, real));
        }, import.HoldsLock);
        if (!isRead)
        {
            NarReader.Read(nar, NoVisitor.Instance);
        }
    }

    internal bool Trusts(PathInfo info) =>
        !requiresSignatures || info.IsContentAddressed(writer.Directory) || info.CountSignatures(writer.Directory, trustedKeys) > 0;

    private void Compare(PathInfo info, HashStream nar)
    {
        var (size, hash) = (nar.Count, nar.Finish());
        if (!hash.Equals(info.NarHash))
        {
            throw Mismatch("hash", info, info.NarHash.ToString(), hash.ToString());
        }

        if (info.NarSize != 0 && size != info.NarSize)
        {
            throw Mismatch("size", info, info.NarSize.ToString(), size.ToString());
        }
    }

    // What was just compared, most often: nothing holds its own name where that follows from the hash of all of it.
    private static Hash OfNar(PathInfo info, string real) => info.ContentAddress is not { } address || address.Hash.Equals(info.NarHash)
        ? info.NarHash
        : ModuloHash.Of(address.Hash.Algorithm, info.Path.Digest, nar => TreeDumper.WriteNar(real, nar));

    private void CheckContentAddress(PathInfo info, Hash actual)
    {
        if (info.ContentAddress is not { } address)
        {
            return;
        }

        if (!actual.Equals(address.Hash))
        {
            throw Mismatch("ca hash", info, address.Hash.ToString(), actual.ToString());
        }

        if (!info.IsContentAddressed(writer.Directory))
        {
            throw NotContentAddressed(info, writer.Directory);
        }
    }

    internal static StoreException NotContentAddressed(PathInfo info, Model.StorePaths.StoreDirectory directory) => new(
        StoreErrors.BadFile,
        $"cannot add path '{directory.Absolute(info.Path)}' to the Nix store because it claims to be content-addressed but isn't");

    private StoreException Mismatch(string what, PathInfo info, string wanted, string found) => new(
        StoreErrors.HashMismatch,
        $"{what} mismatch importing path '{writer.Directory.Absolute(info.Path)}';\n  specified: {wanted}\n  got:       {found}");
}
