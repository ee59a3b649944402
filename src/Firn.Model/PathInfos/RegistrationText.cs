using System.Globalization;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;

namespace Firn.Model.PathInfos;

/// <summary>The lines by which <c>nix-store --dump-db</c> tells of objects and <c>--load-db</c> learns of them.</summary>
/// <remarks>Path, perhaps hash and size, deriver, number of references, references: a line each.</remarks>
public static class RegistrationText
{
    /// <summary>Writes one object.</summary>
    public static void Write(TextWriter output, PathInfo info, StoreDirectory directory, bool withDeriver, bool withHash)
    {
        output.Write($"{directory.Absolute(info.Path)}\n");
        if (withHash)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{info.NarHash.Digest(HashFormat.Base16)}\n{info.NarSize}\n"));
        }

        output.Write($"{(withDeriver && info.Deriver is { } deriver ? directory.Absolute(deriver) : "")}\n");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"{info.References.Length}\n"));
        foreach (var reference in info.References)
        {
            output.Write($"{directory.Absolute(reference)}\n");
        }
    }

    /// <summary>Reads one object, or null at the end; without hash, the zero hash and size 0 stand in their place.</summary>
    /// <exception cref="InvalidFormatException">The lines are not in this form.</exception>
    public static PathInfo? Read(TextReader input, StoreDirectory directory, bool withHash)
    {
        if (input.ReadLine() is not { } path)
        {
            return null;
        }

        var hash = withHash ? Hash.Parse(Line(input), HashAlgorithm.Sha256) : Hash.Zero(HashAlgorithm.Sha256);
        var size = withHash ? Number(input) : 0;
        var deriver = Line(input);
        var references = new List<StorePath>();
        for (var left = Number(input); left > 0; left--)
        {
            references.Add(directory.Parse(Line(input)));
        }

        return new PathInfo
        {
            Path = directory.Parse(path),
            NarHash = hash,
            NarSize = size,
            Deriver = deriver.Length > 0 ? directory.Parse(deriver) : null,
            References = [.. references.Distinct().Order()],
        };
    }

    private static string Line(TextReader input) =>
        input.ReadLine() ?? throw new InvalidFormatException("validity registration", "it ends too early");

    private static long Number(TextReader input)
    {
        var line = Line(input);
        return long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidFormatException("validity registration", $"number expected, got '{line}'");
    }
}
