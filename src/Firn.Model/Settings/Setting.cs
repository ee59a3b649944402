using System.Collections.Immutable;
using System.Text.Json;

namespace Firn.Model.Settings;

/// <summary>A record of settings; the generator gives every partial record with <c>[Setting]</c> properties its table.</summary>
public interface ISettings<TSelf>
    where TSelf : ISettings<TSelf>
{
    static abstract ImmutableArray<Setting<TSelf>> All { get; }
}

/// <summary>What the outside needs to know about a setting whose record it does not care about.</summary>
public abstract record Setting(string Name, ImmutableArray<string> Aliases, string Description, string? Feature)
{
    /// <summary>Is <c>--name</c> alone enough, and does <c>--no-name</c> exist?</summary>
    public abstract bool IsFlag { get; }

    /// <summary>Does <c>extra-name</c> add to what is set already?</summary>
    public abstract bool IsAppendable { get; }
}

/// <summary>One setting of <typeparamref name="TRecord"/>, whatever its type.</summary>
public abstract record Setting<TRecord>(string Name, ImmutableArray<string> Aliases, string Description, string? Feature)
    : Setting(Name, Aliases, Description, Feature)
{
    /// <summary>Returns the record with this setting read from <paramref name="text"/>.</summary>
    public abstract TRecord Set(TRecord record, string text);

    /// <summary>Returns the record with what <paramref name="text"/> says added to this setting.</summary>
    public abstract TRecord Append(TRecord record, string text);

    /// <summary>Writes the value as <c>nix.conf</c> would have it.</summary>
    public abstract string Print(TRecord record);

    public abstract void WriteJson(Utf8JsonWriter json, TRecord record);
}

/// <summary>One setting with its type.</summary>
public sealed record Setting<TRecord, T>(
    string Name,
    ImmutableArray<string> Aliases,
    string Description,
    string? Feature,
    SettingForm<T> Form,
    Func<TRecord, T> Read,
    Func<TRecord, T, TRecord> With)
    : Setting<TRecord>(Name, Aliases, Description, Feature)
{
    public override bool IsFlag => Form.IsFlag;

    public override bool IsAppendable => Form.Append is not null;

    public override TRecord Set(TRecord record, string text) => With(record, Form.Parse(Name, text));

    public override TRecord Append(TRecord record, string text) => Form.Append is { } append
        ? With(record, append(Read(record), Form.Parse(Name, text)))
        : Set(record, text);

    public override string Print(TRecord record) => Form.Print(Read(record));

    public override void WriteJson(Utf8JsonWriter json, TRecord record) => Form.WriteJson(json, Read(record));
}
