using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Building.BuiltinBuilders;

/// <summary>One run of a builder that is part of this program.</summary>
public sealed record BuiltinBuild
{
    public required Derivation Derivation { get; init; }

    /// <summary>The directory that store paths are spelled with.</summary>
    public required StoreDirectory Directory { get; init; }

    /// <summary>Where to make each output on this machine's disk.</summary>
    public required IReadOnlyDictionary<string, string> Outputs { get; init; }

    /// <summary>Maps a path in the store to this machine's disk.</summary>
    public required Func<string, string> RealPath { get; init; }

    /// <summary>The certificates of the authorities to trust; null for the usual ones.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Prints a line of the log.</summary>
    public required Action<string> Print { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>Returns an attribute.</summary>
    /// <exception cref="BuildException">It is not there.</exception>
    public string Attribute(string name) => FindAttribute(name) ?? throw Failed($"attribute '{name}' missing");

    /// <summary>Returns an attribute, or null.</summary>
    public string? FindAttribute(string name) => Derivation.FindEnvironment(System.Text.Encoding.UTF8.GetBytes(name))?.ToString();

    /// <summary>Where to make the output.</summary>
    public string Output => Outputs.GetValueOrDefault(OutputName.Default) ?? throw Failed($"'{Derivation.Builder}' requires an 'out' output");

    /// <summary>Makes the error that ends the build.</summary>
    public static BuildException Failed(string message) => new(BuildStatus.PermanentFailure, message);
}

/// <summary>Finds the builders that are part of this program.</summary>
public static class BuiltinBuilderTable
{
    /// <summary>Returns the builder called <c>builtin:<paramref name="name"/></c>, or null.</summary>
    public static Action<BuiltinBuild>? Find(string name) => name switch
    {
        "fetchurl" => FetchUrlBuilder.Run,
        "buildenv" => BuildEnvironmentBuilder.Run,
        "unpack-channel" => UnpackChannelBuilder.Run,
        "unpack-deb" => UnpackDebBuilder.Run,
        _ => null,
    };
}
