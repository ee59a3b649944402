using System.Collections;
using System.Collections.Immutable;
using Firn.Building;
using Firn.Building.Remote;
using Firn.Building.Running;
using Firn.Model.Signing;
using Firn.Sandbox;
using Firn.Sessions.Configuration;
using Firn.Sessions.Ports;
using Firn.Sessions.Stores;
using Firn.Store;
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
            Keys = [.. session.Get<LocalStoreSettings>().SecretKeyFiles.Select(file => SecretKey.Parse(File.ReadAllText(file).Trim()))],
            CertificateFile = session.Get<TransferSettings>().SslCertFile,
            Environment = environment,
            Remote = Remote(session, store),
            NestedDaemon = new NestedDaemon(session.Log),
            WriteConfiguration = () => string.Concat(session.Settings.Print().Select(s => $"{s.Setting.Name} = {s.Value}\n")),
        };
        return new Builder(
            store, session.DerivationsOf(store), session.Substituters, Settings(session, reference), options,
            new BuildChambers(session.Get<SandboxSettings>(), environment), session.Log, TimeProvider.System);
    }

    private static RemoteBuilds? Remote(Session session, LocalStore store)
    {
        var settings = session.Get<BuildSettings>();
        var machines = MachineText.Parse(settings.Builders, settings.System, file => File.Exists(file) ? File.ReadAllText(file) : null);
        return machines.IsEmpty ? null : new RemoteBuilds(
            store, machines, new MachineStores(session), new MachineSlots($"{store.Layout.StateDirectory}/current-load"), settings, session.Log);
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
