using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Firn.Model.Hashing;
using Firn.Model.Text;
using Firn.Model.Text.Json;

namespace Firn.Fetching.Inputs;

/// <summary>One attribute of an input.</summary>
public abstract record InputValue
{
    private InputValue() { }

    public sealed record Text(string Value) : InputValue;

    public sealed record Integer(ulong Value) : InputValue;

    public sealed record Flag(bool Value) : InputValue;
}

/// <summary>What is to be fetched, or was: the set that <c>fetchTree</c> takes and lock files keep.</summary>
public sealed class InputAttributes : IEquatable<InputAttributes>
{
    private readonly ImmutableSortedDictionary<string, InputValue> _values;

    private InputAttributes(ImmutableSortedDictionary<string, InputValue> values) => _values = values;

    public static InputAttributes Empty { get; } = new(ImmutableSortedDictionary.Create<string, InputValue>(Utf8Order.Comparer));

    /// <summary>All attributes, sorted by name.</summary>
    public IReadOnlyDictionary<string, InputValue> Values => _values;

    /// <summary>The scheme, such as <c>git</c>.</summary>
    public string Type => GetText("type");

    /// <summary>The name that the tree gets in the store.</summary>
    public string Name => FindText("name") ?? "source";

    public string? Ref => FindText("ref");

    /// <summary>The revision as it is given; see <see cref="FindRevision"/> for one that is checked.</summary>
    public string? Revision => FindText("rev");

    /// <summary>The SHA-256 that the tree's NAR must have, or has.</summary>
    public Hash? NarHash => FindText("narHash") is not { } text ? null
        : text.Length == 0 ? Hash.Zero(HashAlgorithm.Sha256)
        : Hash.Parse(text) is { Algorithm: HashAlgorithm.Sha256 } hash ? hash
        : throw new FetchException(FetchErrors.BadInput, "narHash must use SHA-256");

    public bool IsFinal => FindFlag("__final") ?? false;

    public InputAttributes With(string name, string value) => With(name, new InputValue.Text(value));

    public InputAttributes With(string name, bool value) => With(name, new InputValue.Flag(value));

    public InputAttributes With(string name, ulong value) => With(name, new InputValue.Integer(value));

    public InputAttributes With(string name, InputValue value) => new(_values.SetItem(name, value));

    public InputAttributes Without(string name) => new(_values.Remove(name));

    public bool Has(string name) => _values.ContainsKey(name);

    /// <exception cref="FetchException">It is no text.</exception>
    public string? FindText(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        InputValue.Text text => text.Value,
        _ => throw WrongType(name, "string"),
    };

    /// <exception cref="FetchException">It is missing or no text.</exception>
    public string GetText(string name) =>
        FindText(name) ?? throw new FetchException(
            FetchErrors.BadInput, $"input attribute '{name}' is missing", 1, Suggestions.Nearest(name, Values.Keys) is [var near, ..] ? $"'{near}' is given: did you mean {name}?" : $"Given are {string.Join(", ", Values.Keys)}.");

    /// <exception cref="FetchException">It is no integer.</exception>
    public ulong? FindInteger(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        InputValue.Integer integer => integer.Value,
        _ => throw WrongType(name, "integer"),
    };

    /// <exception cref="FetchException">It is no truth value.</exception>
    public bool? FindFlag(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        InputValue.Flag flag => flag.Value,
        _ => throw WrongType(name, "Boolean"),
    };

    /// <summary>Returns the revision as a hash of git's, or null when none is given.</summary>
    /// <exception cref="FetchException">It is neither a SHA-1 nor a SHA-256.</exception>
    public Hash? FindRevision()
    {
        if (Revision is not { } text)
        {
            return null;
        }

        var algorithm = text.Length == 64 ? HashAlgorithm.Sha256 : HashAlgorithm.Sha1;
        var hash = text.Contains(':') ? Hash.Parse(text) : Hash.Parse(text, algorithm);
        return hash.Algorithm is HashAlgorithm.Sha1 or HashAlgorithm.Sha256
            ? hash
            : throw new FetchException(FetchErrors.BadInput, $"Hash '{hash}' is not supported by Git. Supported types are sha1 and sha256.");
    }

    /// <summary>Reads the JSON form of lock files and the fetch cache.</summary>
    /// <exception cref="FetchException">It is no object of text, whole numbers and truth values.</exception>
    public static InputAttributes ParseJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var attributes = Empty;
            foreach (var property in document.RootElement.EnumerateObject())
            {
                attributes = attributes.With(property.Name, property.Value.ValueKind switch
                {
                    JsonValueKind.String => new InputValue.Text(property.Value.GetString()!),
                    JsonValueKind.Number => new InputValue.Integer(property.Value.GetUInt64()),
                    JsonValueKind.True => new InputValue.Flag(true),
                    JsonValueKind.False => new InputValue.Flag(false),
                    _ => throw new FormatException("unsupported input attribute type"),
                });
            }

            return attributes;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new FetchException(FetchErrors.BadInput, $"'{json}' does not describe an input: {e.Message}");
        }
    }

    /// <summary>Writes compact JSON, sorted by name.</summary>
    public string ToJson()
    {
        var json = new JsonWriter();
        Write(json);
        return Encoding.UTF8.GetString(json.Written);
    }

    /// <summary>Writes them as an object, sorted by name.</summary>
    public void Write(JsonWriter json)
    {
        json.StartObject();
        foreach (var (name, value) in _values)
        {
            json.Key(Encoding.UTF8.GetBytes(name));
            switch (value)
            {
                case InputValue.Integer integer:
                    json.Integer((long)integer.Value);
                    break;
                case InputValue.Flag flag:
                    json.Boolean(flag.Value);
                    break;
                case InputValue.Text text:
                    json.String(Encoding.UTF8.GetBytes(text.Value));
                    break;
            }
        }

        json.EndObject();
    }

    /// <summary>Returns the attributes as a URL's parameters have them.</summary>
    public ImmutableSortedDictionary<string, string> ToQuery() =>
        _values.ToImmutableSortedDictionary(v => v.Key, v => v.Value switch
        {
            InputValue.Integer integer => integer.Value.ToString(CultureInfo.InvariantCulture),
            InputValue.Flag flag => flag.Value ? "1" : "0",
            InputValue.Text text => text.Value,
            _ => "",
        }, Utf8Order.Comparer);

    public bool Equals(InputAttributes? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as InputAttributes);

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => ToJson();

    private FetchException WrongType(string name, string wanted) =>
        new(FetchErrors.BadInput, $"input attribute '{name}' is not a {wanted} {ToJson()}");
}
