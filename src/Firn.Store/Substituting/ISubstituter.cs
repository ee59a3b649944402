using Firn.Model.ContentAddresses;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store.Nars;

namespace Firn.Store.Substituting;

/// <summary>Another store from which objects can be taken instead of being built.</summary>
public interface ISubstituter : INarSource
{
    /// <summary>How a person knows it, such as <c>https://cache.nixos.org</c>.</summary>
    string Uri { get; }

    /// <summary>Whether its objects are taken without a signature.</summary>
    bool IsTrusted { get; }

    /// <summary>Whether it may be asked about many objects that perhaps nobody wants.</summary>
    bool WantsMassQuery { get; }

    /// <summary>Returns what it has as <paramref name="path"/>, or null when it does not have it or cannot be asked.</summary>
    /// <param name="path">The path in the own store.</param>
    /// <param name="address">What the content must be, where it is known: a store in another directory may have it too.</param>
    SubstitutableObject? Find(StorePath path, ContentAddress? address);

    /// <summary>Finds out about many objects at once, so that asking for each then takes no time.</summary>
    void Prefetch(IReadOnlyCollection<StorePath> paths);

    /// <summary>Returns which path an output got there, or null.</summary>
    Realisation? FindRealisation(DrvOutput output);

    /// <summary>Opens the log of the build that made an object, or returns null.</summary>
    Stream? FindLog(StorePath path);
}

/// <summary>An object that another store offers.</summary>
/// <param name="Info">What is recorded about it, with the path of the own store.</param>
/// <param name="PathThere">What it is called there.</param>
/// <param name="DownloadSize">How many bytes come over the wire; 0 when not known.</param>
public sealed record SubstitutableObject(PathInfo Info, StorePath PathThere, long DownloadSize);
