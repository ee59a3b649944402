using System.Globalization;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.PathInfos;

/// <summary>The lines by which <c>nix-store --dump-db</c> and <c>--register-validity</c> tell of an object.</summary>
public static class ValidityRegistration
{
    /// <summary>Writes path, hash, size, deriver, the number of references and the references, a line each.</summary>
    public static string Write(PathInfo info, StoreDirectory directory)
    {
        var text = new StringBuilder();
        text.Append(directory.Absolute(info.Path)).Append('\n')
            .Append(info.NarHash.Digest(HashFormat.Base16)).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{info.NarSize}\n")
            .Append(info.Deriver is { } deriver ? directory.Absolute(deriver) : "").Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{info.References.Length}\n");
        foreach (var reference in info.References)
        {
            text.Append(directory.Absolute(reference)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads one object, or returns null at the end; without hashes the lines lack hash and size, which are then zero.</summary>
    /// <exception cref="InvalidFormatException">A line is not what it has to be.</exception>
    public static PathInfo? Read(TextReader lines, StoreDirectory directory, bool hasHash)
    {
        if (lines.ReadLine() is not { Length: > 0 } path)
        {
            return null;
        }

        var hash = hasHash ? Hash.Parse(Next(lines), HashAlgorithm.Sha256) : Hash.Zero(HashAlgorithm.Sha256);
        var size = hasHash ? Number(Next(lines)) : 0;
        var deriver = Next(lines);
        var count = Number(Next(lines));
        var references = new SortedSet<StorePath>();
        for (var i = 0L; i < count; i++)
        {
            references.Add(directory.Parse(Next(lines)));
        }

        return new PathInfo
        {
            Path = directory.Parse(path),
            NarHash = hash,
            NarSize = size,
            Deriver = deriver.Length == 0 ? null : directory.Parse(deriver),
            References = [.. references],
        };
    }

    private static string Next(TextReader lines) =>
        lines.ReadLine() ?? throw new InvalidFormatException("registration", "it ends in the middle of an object");

    private static long Number(string line) =>
        long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidFormatException("registration", line, "number expected");
}
