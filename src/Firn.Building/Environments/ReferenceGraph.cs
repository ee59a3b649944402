using System.Globalization;
using System.Text;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;

namespace Firn.Building.Environments;

/// <summary>A closure that a builder gets to read, as <c>exportReferencesGraph</c> asks for it.</summary>
/// <param name="Name">The name of its file or attribute.</param>
/// <param name="Objects">The objects, sorted by path.</param>
/// <param name="ClosureSize">How large the closure of one of them is; asked only where it is shown.</param>
public sealed record ReferenceGraph(string Name, IReadOnlyList<PathInfo> Objects, Func<PathInfo, long> ClosureSize)
{
    /// <summary>Writes the text that <c>nix-store --load-db</c> reads, without hashes and derivers.</summary>
    public string ToRegistration(StoreDirectory directory)
    {
        var text = new StringBuilder();
        foreach (var info in Objects)
        {
            text.Append(CultureInfo.InvariantCulture, $"{directory.Absolute(info.Path)}\n\n{info.References.Length}\n");
            foreach (var reference in info.References)
            {
                text.Append(directory.Absolute(reference)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Makes the form for structured attributes, which must never change.</summary>
    internal JsonValue ToJson(StoreDirectory directory) => new JsonValue.List([.. Objects.Select(info => JsonValue.Of(
        new (string, JsonValue)[]
        {
            ("closureSize", new JsonValue.Integer(ClosureSize(info))),
            ("narHash", new JsonValue.Text(info.NarHash.ToString())),
            ("narSize", new JsonValue.Integer(info.NarSize)),
            ("path", new JsonValue.Text(directory.Absolute(info.Path))),
            ("references", new JsonValue.List([.. info.References.Select(r => new JsonValue.Text(directory.Absolute(r)))])),
            ("valid", new JsonValue.Boolean(true)),
        }.Concat(info.ContentAddress is { } address ? [("ca", new JsonValue.Text(address.ToString()))] : [])))]);
}
