using Firn.Archive.Nars;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Nars;

namespace Firn.Store.Exporting;

/// <summary>Adds the objects that <c>nix-store --export</c> wrote to a store of any kind.</summary>
/// <remarks>What an object is comes after its NAR, which is kept in a temporary file until then.</remarks>
public static class Importer
{
    private const int MaxReferences = 1_000_000;

    /// <summary>Reads up to the end that is marked; whoever may import answers for what it is, so that no signatures are asked for.</summary>
    /// <exception cref="StoreException">It is no export, or an object refers to one that is not valid.</exception>
    public static IReadOnlyList<StorePath> Import(Stream input, INarSink target, StoreDirectory directory)
    {
        var paths = new List<StorePath>();
        while (true)
        {
            switch (ExportFormat.ReadNumber(input))
            {
                case 0:
                    return paths;
                case 1:
                    paths.Add(ImportOne(input, target, directory));
                    break;
                default:
                    throw ExportFormat.Bad("an object must come first");
            }
        }
    }

    private static StorePath ImportOne(Stream input, INarSink target, StoreDirectory directory)
    {
        using var nar = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 65536,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var hash = new HashStream(HashAlgorithm.Sha256);
        NarReader.Copy(input, new HashingStream(nar, hash));
        var info = ReadInfo(input, hash.Finish(), nar.Length, directory);
        nar.Position = 0;
        target.Add(info, nar, new NarImport(Repair: false, ChecksSignatures: false));
        return info.Path;
    }

    private static PathInfo ReadInfo(Stream input, Hash hash, long size, StoreDirectory directory)
    {
        if (!ExportFormat.ReadMagic(input))
        {
            throw ExportFormat.Bad("Nix archive cannot be imported; wrong format");
        }

        var path = directory.Parse(ExportFormat.ReadString(input));
        var references = new List<StorePath>();
        for (var left = ExportFormat.ReadNumber(input, MaxReferences); left > 0; left--)
        {
            references.Add(directory.Parse(ExportFormat.ReadString(input)));
        }

        var deriver = ExportFormat.ReadString(input);
        if (ExportFormat.ReadNumber(input) == 1)
        {
            // A signature, as very old versions wrote it; nobody checks it.
            ExportFormat.ReadString(input);
        }

        return new PathInfo
        {
            Path = path,
            NarHash = hash,
            NarSize = size,
            References = [.. references.Distinct().Order()],
            Deriver = deriver.Length > 0 ? directory.Parse(deriver) : null,
        };
    }
}
