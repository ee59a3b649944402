using Firn.Building;
using Firn.Daemon;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Sandbox;
using Firn.Sessions.Configuration;
using Firn.Store;
using Firn.Store.Local;
using Firn.Transfers;

namespace Firn.Sessions.Stores.Schemes;

/// <summary>Makes what a daemon is told of our settings: those that the user changed, and of those what concerns a store.</summary>
internal static class ClientOptionsMaker
{
    private static readonly HashSet<string> _toldOtherwise =
        ["keep-failed", "keep-going", "fallback", "max-jobs", "max-silent-time", "cores", "substitute"];

    public static ClientOptions Make(Session session)
    {
        var builds = session.Get<BuildSettings>();
        return new ClientOptions
        {
            KeepFailed = builds.KeepFailed,
            KeepGoing = builds.KeepGoing,
            Fallback = builds.Fallback,
            Verbosity = Enum.GetValues<Verbosity>().Last(session.Log.Shows),
            MaxJobs = builds.MaxJobs,
            MaxSilentTime = (long)builds.MaxSilentTime.TotalSeconds,
            ShowsBuildLogs = session.ShowsBuildLogs,
            Cores = builds.Cores,
            UsesSubstitutes = session.Get<SubstituterSettings>().Substitute,
            Settings = [.. Changed(session)],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Changed(Session session)
    {
        var changed = session.Settings.Overrides.Select(a => SettingCatalog.FindAssignable(a.Name)?.Setting.Name).ToHashSet();
        return Concerning(session).Where(s => changed.Contains(s.Key) && !_toldOtherwise.Contains(s.Key)).OrderBy(s => s.Key, StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Concerning(Session session) =>
        Table<BuildSettings>(session).Concat(Table<LocalStoreSettings>(session)).Concat(Table<SandboxSettings>(session))
            .Concat(Table<SubstituterSettings>(session)).Concat(Table<TransferSettings>(session));

    private static IEnumerable<KeyValuePair<string, string>> Table<T>(Session session)
        where T : class, ISettings<T>, new()
    {
        var record = session.Get<T>();
        return T.All.Select(s => KeyValuePair.Create(s.Name, s.Print(record)));
    }
}
