using System.Collections.Frozen;
using Firn.Building;
using Firn.Evaluation;
using Firn.Fetching;
using Firn.Model.Settings;
using Firn.Sandbox;
using Firn.Store;
using Firn.Store.Local;
using Firn.Transfers;

namespace Firn.Sessions.Configuration;

/// <summary>Every setting that there is, by every name that it has.</summary>
public static class SettingCatalog
{
    /// <summary>All settings, each once.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. BuildSettings.All, .. EvaluationSettings.All, .. FetchSettings.All, .. LocalStoreSettings.All,
        .. SandboxSettings.All, .. SessionSettings.All, .. SubstituterSettings.All, .. TransferSettings.All,
    ];

    private static readonly FrozenDictionary<string, Setting> _byName = All
        .SelectMany(setting => setting.Aliases.Prepend(setting.Name).Select(name => KeyValuePair.Create(name, setting)))
        .ToFrozenDictionary();

    /// <summary>Returns the setting called <paramref name="name"/>, an older name counting, or null.</summary>
    public static Setting? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>As <see cref="Find"/>, and understands <c>extra-name</c>.</summary>
    public static (Setting Setting, bool Appends)? FindAssignable(string name)
    {
        if (Find(name) is { } setting)
        {
            return (setting, false);
        }

        const string extra = "extra-";
        return name.StartsWith(extra, StringComparison.Ordinal) && Find(name[extra.Length..]) is { IsAppendable: true } list
            ? (list, true)
            : null;
    }
}
