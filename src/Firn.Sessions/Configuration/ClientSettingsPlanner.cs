using System.Collections.Immutable;
using System.Globalization;
using Firn.Daemon;
using Firn.Model.Diagnostics;
using Firn.Store;

namespace Firn.Sessions.Configuration;

/// <summary>Decides which wishes of a daemon's client are followed: all of those who are trusted, few of others.</summary>
public static class ClientSettingsPlanner
{
    // What anybody may decide: how long to wait, and to do without other machines.
    private static readonly HashSet<string> _harmless = ["timeout", "max-silent-time", "build-poll-interval", "connect-timeout"];

    /// <summary>Returns what is to be set, and what the client is warned of.</summary>
    public static (ImmutableArray<Assignment> Assignments, ImmutableArray<string> Warnings) Plan(
        ClientOptions options, bool isTrusted, SubstituterSettings substituters, IReadOnlySet<string> features)
    {
        var assignments = ImmutableArray.CreateBuilder<Assignment>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        void Set(string name, string value) => assignments.Add(new Assignment(name, value, IsOverride: true));
        Set("keep-failed", Text(options.KeepFailed));
        Set("keep-going", Text(options.KeepGoing));
        Set("fallback", Text(options.Fallback));
        Set("max-jobs", options.MaxJobs.ToString(CultureInfo.InvariantCulture));
        Set("max-silent-time", options.MaxSilentTime.ToString(CultureInfo.InvariantCulture));
        Set("cores", options.Cores.ToString(CultureInfo.InvariantCulture));
        Set("substitute", Text(options.UsesSubstitutes));
        foreach (var (given, value) in options.Settings)
        {
            // Clients of other versions know settings that mean nothing here.
            if (SettingCatalog.FindAssignable(given) is not { } known || known.Setting.Name is "store" or "experimental-features" or "plugin-files")
            {
                continue;
            }

            var name = known.Setting.Name;
            if (isTrusted || _harmless.Contains(name) || (name == "builders" && value.Length == 0))
            {
                Set(given, value);
            }
            else if (name == "substituters")
            {
                Set(name, string.Join(' ', Trusted(value, substituters, warnings)));
            }
            else
            {
                warnings.Add($"ignoring the client-specified setting '{given}', because it is a restricted setting and you are not a trusted user");
            }
        }

        var all = assignments.ToImmutable();
        return (all.RemoveAll(a => IsWrong(a, features, warnings)), warnings.ToImmutable());
    }

    private static IEnumerable<string> Trusted(string value, SubstituterSettings substituters, ImmutableArray<string>.Builder warnings)
    {
        var trusted = substituters.TrustedSubstituters.Concat(substituters.Substituters).Select(s => s.TrimEnd('/')).ToHashSet();
        foreach (var uri in value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (trusted.Contains(uri.TrimEnd('/')))
            {
                yield return uri;
            }
            else
            {
                warnings.Add(
                    $"ignoring untrusted substituter '{uri}', you are not a trusted user.\n"
                    + "Run `man nix.conf` for more information on the `substituters` configuration option.");
            }
        }
    }

    // A value that cannot be read would fail whatever is asked for later.
    private static bool IsWrong(Assignment assignment, IReadOnlySet<string> features, ImmutableArray<string>.Builder warnings)
    {
        try
        {
            var enabled = new Assignment("experimental-features", string.Join(' ', features), IsOverride: false);
            _ = new ConfiguredSettings([enabled, assignment], NoMessageLog.Instance).Print().Count();
            return false;
        }
        catch (FirnException e)
        {
            warnings.Add(e.Message);
            return true;
        }
    }

    private static string Text(bool flag) => flag ? "true" : "false";
}
