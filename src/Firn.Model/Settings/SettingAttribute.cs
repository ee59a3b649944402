namespace Firn.Model.Settings;

/// <summary>Gives a property its name in <c>nix.conf</c>, in <c>--option</c> and in the manual; its summary is the help.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Older names that are still read.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>The experimental feature without which the setting is ignored with a warning.</summary>
    public string? Feature { get; init; }

    /// <summary>A type with a static property <c>Form</c>, for property types that have no form of their own.</summary>
    public Type? Form { get; init; }
}
