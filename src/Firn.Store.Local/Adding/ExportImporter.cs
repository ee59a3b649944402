using Firn.Archive.Nars;
using Firn.Archive.Trees;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Store.Exporting;
using Firn.Store.Local.Database;
using Firn.Store.PathInfos;

namespace Firn.Store.Local.Adding;

/// <summary>Adds the objects that <c>nix-store --export</c> wrote.</summary>
/// <remarks>What an object is comes after its NAR, so that it is unpacked into a temporary folder first.</remarks>
internal sealed class ExportImporter(StoreWriter writer, DerivationCheck check, IPathInfoSource infos)
{
    private const int MaxReferences = 1_000_000;

    internal IReadOnlyList<StorePath> Import(Stream input)
    {
        var paths = new List<StorePath>();
        while (true)
        {
            switch (ExportFormat.ReadNumber(input))
            {
                case 0:
                    return paths;
                case 1:
                    paths.Add(writer.WithTemporaryFolder(folder => ImportOne(input, $"{folder}/x")));
                    break;
                default:
                    throw ExportFormat.Bad("an object must come first");
            }
        }
    }

    private StorePath ImportOne(Stream input, string temporary)
    {
        using var hash = new HashStream(HashAlgorithm.Sha256);
        using (var restorer = new TreeRestorer(temporary, writer.RestoreOptions with { LeavesRootWritable = true }))
        {
            var hasher = new NarWriter(hash);
            NarReader.Read(input, new TeeVisitor(hasher, restorer));
            hasher.Finish();
        }

        var size = hash.Count;
        var info = ReadInfo(input, hash.Finish(), size);
        foreach (var reference in info.OtherReferences)
        {
            infos.Get(reference, writer.Directory);
        }

        writer.Add(info.Path, repair: false, real =>
        {
            var outputs = check.Outputs(info.Path, temporary);
            StoreWriter.Move(temporary, real);
            return new Registration(info, outputs);
        });
        return info.Path;
    }

    private PathInfo ReadInfo(Stream input, Hash hash, long size)
    {
        if (!ExportFormat.ReadMagic(input))
        {
            throw ExportFormat.Bad("Nix archive cannot be imported; wrong format");
        }

        var path = writer.Directory.Parse(ExportFormat.ReadString(input));
        var references = new List<StorePath>();
        for (var left = ExportFormat.ReadNumber(input, MaxReferences); left > 0; left--)
        {
            references.Add(writer.Directory.Parse(ExportFormat.ReadString(input)));
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
            Deriver = deriver.Length > 0 ? writer.Directory.Parse(deriver) : null,
        };
    }
}
