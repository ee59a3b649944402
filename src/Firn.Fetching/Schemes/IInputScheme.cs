using Firn.Fetching.Inputs;
using Firn.Fetching.Urls;
using Firn.Model.StorePaths;

namespace Firn.Fetching.Schemes;

/// <summary>One way to say what is to be fetched: it understands some URLs and sets of attributes.</summary>
public interface IInputScheme
{
    /// <summary>The value of <c>type</c>.</summary>
    string Name { get; }

    /// <summary>The experimental feature that it needs, or null.</summary>
    string? Feature { get; }

    /// <summary>The attributes that it knows, beside <c>type</c>.</summary>
    IReadOnlySet<string> Attributes { get; }

    /// <summary>Returns the attributes that a URL stands for, or null when it is none of this scheme.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="wantsTree">Whether a plain file would be no use, as for flakes.</param>
    InputAttributes? FromUrl(Url url, bool wantsTree);

    /// <summary>Checks the values of attributes, and brings them into their usual form.</summary>
    /// <exception cref="FetchException">They make no sense.</exception>
    InputAttributes Check(InputAttributes input);

    /// <summary>Writes an input as a URL.</summary>
    Url ToUrl(InputAttributes input);

    /// <summary>Tells whether fetching it always gives the same.</summary>
    bool IsLocked(InputAttributes input);
}

/// <summary>Fetches what the inputs of one scheme mean.</summary>
public interface ITreeSource
{
    /// <summary>Finds out what there is to fetch.</summary>
    TreeOffer Offer(InputAttributes input);
}

/// <summary>A tree that can be added to the store.</summary>
/// <param name="Attributes">The input with what was found out about it.</param>
/// <param name="Fingerprint">A text that stands for exactly this content, or null when there is none.</param>
/// <param name="Add">Adds the tree to the store under a name.</param>
public sealed record TreeOffer(InputAttributes Attributes, string? Fingerprint, Func<string, StorePath> Add);
