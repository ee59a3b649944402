using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Model.Settings;

/// <summary>How values of one type are written in <c>nix.conf</c> and in JSON.</summary>
public sealed record SettingForm<T>(
    Func<string, string, T> Parse,
    Func<T, string> Print,
    Action<Utf8JsonWriter, T> WriteJson)
{
    /// <summary>How two values are put together, where that makes sense.</summary>
    public Func<T, T, T>? Append { get; init; }

    public bool IsFlag { get; init; }
}

/// <summary>The forms of the usual types.</summary>
public static class SettingForm
{
    public static SettingForm<bool> Boolean { get; } = new(
        (name, text) => text switch
        {
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            _ => throw new UsageException($"Boolean setting '{name}' has invalid value '{text}'"),
        },
        value => value ? "true" : "false",
        (json, value) => json.WriteBooleanValue(value))
    {
        IsFlag = true,
    };

    public static SettingForm<int> Int32 { get; } = new(
        (name, text) => ParseInteger(name, text) is >= int.MinValue and <= int.MaxValue and var value
            ? (int)value
            : throw BadInteger(name, text),
        value => value.ToString(CultureInfo.InvariantCulture),
        (json, value) => json.WriteNumberValue(value));

    public static SettingForm<long> Int64 { get; } = new(
        ParseInteger,
        value => value.ToString(CultureInfo.InvariantCulture),
        (json, value) => json.WriteNumberValue(value));

    public static SettingForm<string> Text { get; } = new(
        (_, text) => text,
        value => value,
        (json, value) => json.WriteStringValue(value));

    /// <summary>Text where the empty text means none.</summary>
    public static SettingForm<string?> OptionalText { get; } = new(
        (_, text) => text.Length == 0 ? null : text,
        value => value ?? "",
        (json, value) => json.WriteStringValue(value));

    /// <summary>A whole number of seconds.</summary>
    public static SettingForm<TimeSpan> Seconds { get; } = new(
        (name, text) => ParseInteger(name, text) is >= 0 and <= uint.MaxValue and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : throw BadInteger(name, text),
        value => ((long)value.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        (json, value) => json.WriteNumberValue((long)value.TotalSeconds));

    public static SettingForm<ImmutableArray<string>> Words { get; } = new(
        (_, text) => Split(text),
        value => string.Join(' ', value),
        (json, value) => WriteArray(json, value))
    {
        Append = (first, second) => [.. first, .. second],
    };

    public static SettingForm<ImmutableSortedSet<string>> WordSet { get; } = new(
        (_, text) => Split(text).ToImmutableSortedSet(Utf8Order.Comparer),
        value => string.Join(' ', value),
        (json, value) => WriteArray(json, value))
    {
        Append = (first, second) => first.Union(second),
    };

    /// <summary>Words of the form <c>name=value</c>; a word without <c>=</c> is ignored, as upstream does.</summary>
    public static SettingForm<ImmutableSortedDictionary<string, string>> Pairs { get; } = new(
        (_, text) => Split(text).Where(word => word.Contains('='))
            .Aggregate(NoPairs!, (map, word) => map.SetItem(word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..])),
        value => string.Join(' ', value.Select(pair => $"{pair.Key}={pair.Value}")),
        (json, value) =>
        {
            json.WriteStartObject();
            foreach (var (key, item) in value)
            {
                json.WriteString(key, item);
            }

            json.WriteEndObject();
        })
    {
        Append = (first, second) => first.SetItems(second),
    };

    public static ImmutableSortedDictionary<string, string> NoPairs { get; } =
        ImmutableSortedDictionary.Create<string, string>(Utf8Order.Comparer);

    public static ImmutableSortedSet<string> NoWords { get; } = ImmutableSortedSet.Create<string>(Utf8Order.Comparer);

    /// <summary>Splits at blanks.</summary>
    public static ImmutableArray<string> Split(string text) =>
        [.. text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Reads a whole number that may end in one of the binary units K, M, G and T.</summary>
    public static long ParseInteger(string name, string text)
    {
        var (digits, factor) = text.Length == 0 ? (text, 1) : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => (text[..^1], 1L << 10),
            'M' => (text[..^1], 1L << 20),
            'G' => (text[..^1], 1L << 30),
            'T' => (text[..^1], 1L << 40),
            _ => (text, 1L),
        };

        // Sizes are unsigned upstream: the largest means "no limit".
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var large)
            ? large > (ulong)(long.MaxValue / factor) ? long.MaxValue : (long)large * factor
            : long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value * factor
                : throw BadInteger(name, text);
    }

    private static UsageException BadInteger(string name, string text) =>
        new($"setting '{name}' has invalid value '{text}'");

    private static void WriteArray(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
