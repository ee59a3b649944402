using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Realisations;
using Firn.Store;
using Firn.Store.Substituting;

namespace Firn.Daemon.Server;

/// <summary>What a daemon serves one client with.</summary>
public interface IDaemonHost
{
    /// <summary>The store; opened when first asked for.</summary>
    StoreParts Store { get; }

    /// <summary>Where objects can be fetched from.</summary>
    IReadOnlyList<ISubstituter> Substituters { get; }

    /// <summary>The version that clients are told.</summary>
    string Version { get; }

    /// <summary>Whether the store does for us what it does for its owner; null when that is not known.</summary>
    bool? StoreTrustsUs { get; }

    /// <summary>Does from now on what a client wants, as far as it may want it.</summary>
    void Configure(ClientOptions options, bool isTrusted);

    /// <summary>Tells whether somebody who is trusted signed a realisation.</summary>
    bool IsSigned(Realisation realisation);

    /// <summary>Makes everything valid that is wanted, or ends with an error that says what could not be.</summary>
    void BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation);
}
