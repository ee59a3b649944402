using Firn.Model.Diagnostics;
using Firn.Model.Settings;

namespace Firn.Sandbox;

/// <summary>Which builds run in a sandbox.</summary>
public enum SandboxMode
{
    Disabled,

    /// <summary>All but fixed-output builds and those that ask to be let out.</summary>
    Relaxed,

    Enabled,
}

/// <summary>How <see cref="SandboxMode"/> is written in <c>nix.conf</c>.</summary>
public static class SandboxModeForm
{
    public static SettingForm<SandboxMode> Form { get; } = new(
        (name, text) => text switch
        {
            "true" => SandboxMode.Enabled,
            "relaxed" => SandboxMode.Relaxed,
            "false" => SandboxMode.Disabled,
            _ => throw new UsageException($"option '{name}' has invalid value '{text}'"),
        },
        Print,
        (json, value) =>
        {
            if (value == SandboxMode.Relaxed)
            {
                json.WriteStringValue("relaxed");
            }
            else
            {
                json.WriteBooleanValue(value == SandboxMode.Enabled);
            }
        })
    {
        IsFlag = true,
    };

    private static string Print(SandboxMode mode) => mode switch
    {
        SandboxMode.Enabled => "true",
        SandboxMode.Relaxed => "relaxed",
        _ => "false",
    };
}
