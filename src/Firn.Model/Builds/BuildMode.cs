namespace Firn.Model.Builds;

/// <summary>What to do about outputs that are there already.</summary>
public enum BuildMode
{
    /// <summary>Take them.</summary>
    Normal,

    /// <summary>Replace those whose content is damaged.</summary>
    Repair,

    /// <summary>Build them again and compare.</summary>
    Check,
}
