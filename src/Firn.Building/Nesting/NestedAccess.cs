using System.Collections.Immutable;
using Firn.Building.Running;
using Firn.Model.Builds;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Store.Builds;
using Firn.Store.Local;

namespace Firn.Building.Nesting;

/// <summary>The way to the store that a derivation gets which requires the feature <c>recursive-nix</c>: a socket in its build directory.</summary>
/// <param name="store">The store.</param>
/// <param name="derivations">Where derivations are read.</param>
/// <param name="builds">Builds what the builder asks for.</param>
/// <param name="daemon">Answers it; null where nobody does.</param>
public sealed class NestedAccess(LocalStore store, DerivationSources derivations, IBuilds builds, INestedDaemon? daemon)
{
    /// <summary>The feature that a derivation asks for it with.</summary>
    public const string Feature = "recursive-nix";

    private const string SocketName = ".nix-socket";

    /// <summary>Opens the way for a build that asks for it; null for others.</summary>
    public NestedSession? TryOpen(BuildJob job, IBuildChamber chamber)
    {
        if (!job.Options.RequiredSystemFeatures.Contains(Feature))
        {
            return null;
        }

        if (daemon is null)
        {
            throw new BuildException(
                BuildStatus.InputRejected, $"derivation '{store.Directory.Absolute(job.Path)}' requires the feature '{Feature}', which is not to be had here");
        }

        var visible = new VisiblePaths(job.Inputs, chamber.Show);
        var socket = $"{chamber.RealBuildDirectory}/{SocketName}";
        var served = daemon.Serve(socket, RestrictedStore.Open(store, derivations, builds, visible));
        try
        {
            if (chamber.Users is { } users)
            {
                FilePath.ChangeOwner(socket, users.First, FilePath.SameGroup);
            }
        }
        catch
        {
            served.Dispose();
            throw;
        }

        return new NestedSession($"unix://{chamber.BuildDirectory}/{SocketName}", visible, served);
    }
}

/// <summary>A builder's way to the store; nobody answers any more once it is disposed.</summary>
/// <param name="uri">The address by which the builder reaches it.</param>
/// <param name="visible">What the builder sees.</param>
/// <param name="served">Ends the answering.</param>
public sealed class NestedSession(string uri, VisiblePaths visible, IDisposable served) : IDisposable
{
    public string Uri { get; } = uri;

    /// <summary>What the builder added and had built.</summary>
    public ImmutableSortedSet<StorePath> Added => visible.Added;

    public void Dispose() => served.Dispose();
}
