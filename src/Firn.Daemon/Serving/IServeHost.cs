using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Store;

namespace Firn.Daemon.Serving;

/// <summary>What <c>nix-store --serve</c> serves its client with.</summary>
public interface IServeHost
{
    StoreParts Store { get; }

    /// <summary>Builds from now on as the client wants it.</summary>
    void Configure(ServeOptions options);

    /// <summary>Adds what <c>nix-store --export</c> wrote.</summary>
    void Import(Stream export);

    /// <summary>Makes all valid; returns what went wrong, or null.</summary>
    (BuildStatus Status, Diagnostic Failure)? TryBuildAll(IReadOnlyList<DerivedPath> wanted, CancellationToken cancellation);
}
