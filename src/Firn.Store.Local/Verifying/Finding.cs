using Firn.Model.StorePaths;

namespace Firn.Store.Local.Verifying;

/// <summary>Something in a store that is not as it was added.</summary>
/// <param name="Object">The object; null for what belongs to none.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same for people, with what was expected and what was found.</param>
public sealed record Finding(StorePath? Object, FindingKind Kind, string Message)
{
    /// <summary>Whether the object has to be made anew.</summary>
    public bool IsDamage => Kind is FindingKind.Modified or FindingKind.Missing or FindingKind.Unreadable;
}

/// <summary>What can be wrong in a store.</summary>
public enum FindingKind
{
    /// <summary>Content, a name, a link's target or the right to execute differs, or a file is missing or was added.</summary>
    Modified,

    /// <summary>The whole object is gone.</summary>
    Missing,

    /// <summary>It cannot be read, as on a failing disk.</summary>
    Unreadable,

    /// <summary>Its content is right, but somebody may write to it, or its time is not 1.</summary>
    Metadata,

    /// <summary>It lies in the store and belongs to no object.</summary>
    Foreign,
}
