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

    /// <summary>Returns what it has as <paramref name="path"/>, or null when it does not have it.</summary>
    /// <param name="path">The path in the own store.</param>
    /// <param name="address">What the content must be, where it is known: a store in another directory may have it too.</param>
    SubstitutableObject? Find(StorePath path, ContentAddress? address);

    /// <summary>Returns which path an output got there, or null.</summary>
    Realisation? FindRealisation(DrvOutput output);
}

/// <summary>An object that another store offers.</summary>
/// <param name="Info">What is recorded about it, with the path of the own store.</param>
/// <param name="PathThere">What it is called there.</param>
/// <param name="DownloadSize">How many bytes come over the wire; 0 when not known.</param>
public sealed record SubstitutableObject(PathInfo Info, StorePath PathThere, long DownloadSize);
