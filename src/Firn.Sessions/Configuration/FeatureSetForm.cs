using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Sessions.Configuration;

/// <summary>Experimental features; <c>flakes</c> brings <c>fetch-tree</c> with it.</summary>
public static class FeatureSetForm
{
    public static SettingForm<ImmutableSortedSet<string>> Form { get; } = SettingForm.WordSet with
    {
        Parse = (name, text) =>
        {
            var features = SettingForm.WordSet.Parse(name, text);
            return features.Contains("flakes") ? features.Add("fetch-tree") : features;
        },
    };
}
