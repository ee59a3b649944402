using System.Collections.Immutable;
using Firn.Building.Environments;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Options;

/// <summary>Reads attributes of derivations in their two spellings: environment variables, and structured attributes.</summary>
internal sealed class AttributeReader
{
    private readonly Derivation? _derivation;

    private AttributeReader(Derivation? derivation, JsonValue.Members? structured) => (_derivation, Structured) = (derivation, structured);

    public JsonValue.Members? Structured { get; }

    public static AttributeReader OfEnvironment(Derivation derivation) => new(derivation, null);

    public static AttributeReader OfStructured(ByteString json) => new(
        null,
        JsonValue.Parse(json.Span) as JsonValue.Members
            ?? throw new InvalidFormatException("__json attribute", "it is not an object"));

    public bool Flag(string name, bool absent) => Structured is not null
        ? Structured.Find(name) switch
        {
            null => absent,
            JsonValue.Boolean value => value.Value,
            _ => throw Bad(name, "a boolean"),
        }
        : _derivation!.FindEnvironment(Utf8(name)) is { } text ? text.Span.SequenceEqual("1"u8) : absent;

    public ImmutableArray<string>? Words(string name)
    {
        if (Structured is not null)
        {
            return Structured.Find(name) is { } value ? Strings(value, name) : null;
        }

        return _derivation!.FindEnvironment(Utf8(name)) is { } text ? Split(text.ToString()) : null;
    }

    public OutputChecks? CommonChecks(StoreDirectory directory)
    {
        if (Structured is not null)
        {
            return null;
        }

        ImmutableArray<CheckedReference>? References(string name) =>
            Words(name) is { } words ? [.. words.Select(w => Reference(w, directory))] : null;
        return new OutputChecks
        {
            IgnoresSelfReferences = true,
            AllowedReferences = References("allowedReferences"),
            AllowedRequisites = References("allowedRequisites"),
            DisallowedReferences = References("disallowedReferences") ?? [],
            DisallowedRequisites = References("disallowedRequisites") ?? [],
        };
    }

    public ImmutableDictionary<string, OutputChecks> ChecksByOutput(StoreDirectory directory)
    {
        if (Structured?.Find("outputChecks") is not { } checks)
        {
            return ImmutableDictionary<string, OutputChecks>.Empty;
        }

        return Object(checks, "outputChecks").Items.ToImmutableDictionary(o => o.Key, o =>
        {
            var output = Object(o.Value, $"outputChecks.{o.Key}");
            ImmutableArray<CheckedReference>? References(string name) => output.Find(name) is { } value
                ? [.. Strings(value, $"outputChecks.{o.Key}.{name}").Select(w => Reference(w, directory))]
                : null;
            long? Number(string name) => output.Find(name) switch
            {
                null or JsonValue.Null => null,
                JsonValue.Integer { Value: >= 0 } number => number.Value,
                _ => throw Bad($"outputChecks.{o.Key}.{name}", "a size"),
            };
            return new OutputChecks
            {
                MaxSize = Number("maxSize"),
                MaxClosureSize = Number("maxClosureSize"),
                AllowedReferences = References("allowedReferences"),
                AllowedRequisites = References("allowedRequisites"),
                DisallowedReferences = References("disallowedReferences") ?? [],
                DisallowedRequisites = References("disallowedRequisites") ?? [],
            };
        });
    }

    public ImmutableHashSet<string> UnsafeDiscardReferences() => Structured?.Find("unsafeDiscardReferences") is { } value
        ? [.. Object(value, "unsafeDiscardReferences").Items
            .Where(o => o.Value is JsonValue.Boolean flag ? flag.Value : throw Bad("unsafeDiscardReferences", "an object of booleans"))
            .Select(o => o.Key)]
        : [];

    public ImmutableHashSet<ByteString> PassAsFile() =>
        Structured is null && Words("passAsFile") is { } words ? [.. words.Select(ByteString.Of)] : [];

    public ImmutableArray<ExportedGraph> Graphs(StoreDirectory directory)
    {
        ExportedGraph Graph(string name, IEnumerable<string> paths) => new(
            name,
            [.. paths.Select(p => directory.TrySplit(p, out var path, out _)
                ? path
                : throw new InvalidFormatException("'exportReferencesGraph'", $"'{p}' is not in the Nix store")).Distinct().Order()]);
        if (Structured is not null)
        {
            return Structured.Find("exportReferencesGraph") is JsonValue.Members graphs
                ? [.. graphs.Items.Select(g => Graph(g.Key, Flat(g.Value)))]
                : [];
        }

        var words = Words("exportReferencesGraph") ?? [];
        if (words.Length % 2 != 0)
        {
            throw new InvalidFormatException(
                "'exportReferencesGraph'", $"odd number of tokens in 'exportReferencesGraph': '{string.Join(' ', words)}'");
        }

        return [.. words.Chunk(2)
            .Select(pair => IsFileName(pair[0])
                ? Graph(pair[0], [pair[1]])
                : throw new InvalidFormatException("'exportReferencesGraph'", $"invalid file name '{pair[0]}' in 'exportReferencesGraph'"))
            .GroupBy(g => g.Name).Select(g => g.Last()).OrderBy(g => g.Name, Utf8Order.Comparer)];
    }

    internal static ImmutableArray<string> Split(string text) =>
        [.. text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    private static bool IsFileName(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static CheckedReference Reference(string text, StoreDirectory directory) => directory.TryParse(text, out var path)
        ? new CheckedReference.Object(path)
        : new CheckedReference.Output(text);

    private static IEnumerable<string> Flat(JsonValue value) => value switch
    {
        JsonValue.List list => list.Items.SelectMany(Flat),
        JsonValue.Text text => [text.Value],
        _ => throw new InvalidFormatException("'exportReferencesGraph'", "'exportReferencesGraph' value is not an array or a string"),
    };

    private static ImmutableArray<string> Strings(JsonValue value, string name) => value is JsonValue.List list
        ? [.. list.Items.Select(i => i is JsonValue.Text text ? text.Value : throw Bad(name, "a list of strings"))]
        : throw Bad(name, "a list of strings");

    private static JsonValue.Members Object(JsonValue value, string name) => value as JsonValue.Members ?? throw Bad(name, "an object");

    private static InvalidFormatException Bad(string name, string wanted) =>
        new($"attribute '{name}'", $"it must be {wanted} in structured attributes");

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
