namespace Firn.Sessions.Configuration;

/// <summary>One line of a configuration file, or one option of the command line, not yet understood.</summary>
/// <param name="Name">The setting, perhaps with <c>extra-</c> before it.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="IsOverride">Whether it comes from the user and not from the machine's own configuration.</param>
public readonly record struct Assignment(string Name, string Value, bool IsOverride);
