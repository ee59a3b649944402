using System.Collections;
using System.Collections.Immutable;
using System.Text;
using Firn.Building;
using Firn.Building.Logs;
using Firn.Building.Remote;
using Firn.Building.Running;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Sandbox;
using Firn.Sessions.Configuration;
using Firn.Sessions.Ports;
using Firn.Sessions.Stores;
using Firn.Store;
using Firn.Store.Builds;
using Firn.Store.Local;
using Firn.Transfers;

namespace Firn.Sessions;

/// <summary>Puts a builder together from what a session was configured to.</summary>
internal static class BuilderMaker
{
    public static Builder Make(Session session, LocalStore store, StoreReference reference, DebugShell? debugShell = null)
    {
        var environment = Environment();
        var features = session.Get<SessionSettings>().ExperimentalFeatures;
        var options = new BuilderOptions
        {
            ShowsBuildLogs = session.ShowsBuildLogs,
            HasNixCommand = true,
            DebugShell = debugShell,
            AllowsContentAddressing = features.Contains("ca-derivations"),
            AllowsImpure = features.Contains("impure-derivations"),
            UsesSubstitutes = session.Get<SubstituterSettings>().Substitute,
            Keys = [.. session.Get<LocalStoreSettings>().SecretKeyFiles.Select(file => SecretKey.Parse(Encoding.UTF8.GetString(FileContent.ReadAll(file)).Trim()))],
            CertificateFile = session.Get<TransferSettings>().SslCertFile,
            NetrcFile = session.Get<TransferSettings>().NetrcFile,
            Environment = environment,
            Remote = Remote(session, store, reference),
            NestedDaemon = new NestedDaemon(session.Log),
            WriteConfiguration = () => string.Concat(session.Settings.Print().Select(s => $"{s.Setting.Name} = {s.Value}\n")),
        };
        return new Builder(
            store, session.DerivationsOf(store), session.Substituters, Settings(session, reference), options,
            new BuildChambers(session.Get<SandboxSettings>(), environment), session.Log, TimeProvider.System);
    }

    /// <summary>Makes what builds for a store in which nothing can be built.</summary>
    public static IBuilds Relayed(Session session, StoreParts store) => new RelayedBuilds(
        store, Remote(session, store, session.Layout.StateDirectory, _ => null), AllowsContentAddressing(session), session.Log);

    /// <summary>Makes what answers another program that asks for builds on other machines; null when there are none.</summary>
    public static BuildHook? Hook(Session session)
    {
        var store = session.LocalStore;
        return Remote(session, session.Store, store.Layout.StateDirectory, _ => null) is { } remote
            ? new BuildHook(store, remote, session.Get<BuildSettings>(), AllowsContentAddressing(session), session.Log)
            : null;
    }

    private static bool AllowsContentAddressing(Session session) => session.Get<SessionSettings>().ExperimentalFeatures.Contains("ca-derivations");

    private static RemoteBuilds? Remote(Session session, LocalStore store, StoreReference reference) => Remote(
        session, OpenStore.Of(reference, store), store.Layout.StateDirectory, path => LogFile.Open(store.Layout, path, session.Get<BuildSettings>()));

    private static RemoteBuilds? Remote(Session session, StoreParts store, string stateDirectory, Func<StorePath, LogFile?> openLog)
    {
        var settings = session.Get<BuildSettings>();
        var machines = MachineText.Parse(settings.Builders, settings.System, file => File.Exists(file) ? File.ReadAllText(file) : null);
        return machines.IsEmpty ? null : new RemoteBuilds(
            store, machines, new MachineStores(session), new MachineSlots($"{stateDirectory}/current-load"), settings, session.Log, openLog);
    }

    private static BuildSettings Settings(Session session, StoreReference reference)
    {
        var settings = session.Get<BuildSettings>();
        return reference.Parameters.TryGetValue("system-features", out var features)
            ? settings with { SystemFeatures = features.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableSortedSet(Model.Text.Utf8Order.Comparer) }
            : settings;
    }

    private static ImmutableDictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToImmutableDictionary(e => (string)e.Key, e => (string)e.Value!);
}
