using System.Collections.Immutable;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Model.Text;

namespace Firn.Flakes.Files;

/// <summary>What a <c>flake.nix</c> says before anything in it is evaluated.</summary>
public sealed record FlakeFile
{
    public string? Description { get; init; }

    /// <summary>What the flake needs, by name.</summary>
    public ImmutableSortedDictionary<string, FlakeInput> Inputs { get; init; } = FlakeInput.None;

    /// <summary>How the flake itself is to be fetched: <c>inputs.self</c>.</summary>
    public InputAttributes Self { get; init; } = InputAttributes.Empty;

    /// <summary>The settings that the flake asks for.</summary>
    public ImmutableSortedDictionary<string, FlakeSetting> Settings { get; init; } =
        ImmutableSortedDictionary.Create<string, FlakeSetting>(Utf8Order.Comparer);
}

/// <summary>One input as a flake asks for it, or as it is overridden.</summary>
public sealed record FlakeInput
{
    /// <summary>No inputs.</summary>
    public static ImmutableSortedDictionary<string, FlakeInput> None { get; } =
        ImmutableSortedDictionary.Create<string, FlakeInput>(Utf8Order.Comparer);

    /// <summary>What it is; null when it is named only, or follows another.</summary>
    public FlakeReference? Reference { get; init; }

    /// <summary>The input, seen from the top, that it is the same as.</summary>
    public InputPath? Follows { get; init; }

    /// <summary>Whether its <c>flake.nix</c> counts.</summary>
    public bool IsFlake { get; init; } = true;

    /// <summary>Where a file says so; null when a lock file or the command line does.</summary>
    public SourceSpan? Place { get; init; }

    /// <summary>Whether nothing but an argument of <c>outputs</c> names it.</summary>
    public bool IsNamedOnly { get; init; }

    /// <summary>What it gets in the place of its own inputs.</summary>
    public ImmutableSortedDictionary<string, FlakeInput> Overrides { get; init; } = None;
}

/// <summary>A setting in a flake's <c>nixConfig</c>.</summary>
/// <param name="Value">As a configuration file would have it.</param>
/// <param name="IsPath">Whether it is a path in the flake, which has to be copied to the store.</param>
public sealed record FlakeSetting(string Value, bool IsPath = false);
