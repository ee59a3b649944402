using System.Collections.Immutable;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Profiles.UserEnvironments;

/// <summary>One package in a user environment, as <c>manifest.nix</c> keeps it.</summary>
public sealed record UserEnvironmentElement
{
    /// <summary>The name with the version, such as <c>hello-2.12</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it was built for; empty when that is not known.</summary>
    public string System { get; init; } = "";

    /// <summary>The derivation it was built from, where the environment keeps it.</summary>
    public StorePath? Derivation { get; init; }

    /// <summary>The path of its main output.</summary>
    public required StorePath OutPath { get; init; }

    /// <summary>The outputs that are in the environment, sorted by name.</summary>
    public required ImmutableArray<UserEnvironmentOutput> Outputs { get; init; }

    /// <summary>Its description, priority and so on, sorted by name.</summary>
    public ImmutableArray<MetaAttribute> Meta { get; init; } = [];

    /// <summary>Returns the value of <c>meta.name</c>, or null.</summary>
    public MetaValue? FindMeta(string name)
    {
        foreach (var attribute in Meta)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>Returns the element with <c>meta.name</c> set.</summary>
    public UserEnvironmentElement WithMeta(string name, MetaValue value) => this with
    {
        Meta = [.. Meta.Where(a => a.Name != name).Append(new(name, value)).OrderBy(a => a.Name, Utf8Order.Comparer)],
    };
}

/// <summary>One output of a package in a user environment.</summary>
public readonly record struct UserEnvironmentOutput(string Name, StorePath Path);
