using Firn.Building;
using Firn.Sandbox;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores.Schemes;
using Firn.Store;
using Firn.Store.Local;
using Firn.Store.Local.Layering;

namespace Firn.Sessions.Stores;

/// <summary>Opens the store that a reference means.</summary>
internal sealed class StoreOpener(Session session)
{
    /// <summary>Opens it.</summary>
    /// <param name="reference">Which store.</param>
    /// <param name="use">What for.</param>
    /// <param name="onErrorLine">Gets what a program on another machine prints on its standard error; null shows it as it is.</param>
    public OpenStore Open(StoreReference reference, StoreUse use = StoreUse.Full, Action<string>? onErrorLine = null)
    {
        StoreParameters.Check(reference, session.WarnOnce);
        switch (reference.Scheme)
        {
            case "file" or "http" or "https" or "s3":
                return BinaryCacheScheme.Open(session, reference, use);
            case "auto" or "local" or "local-overlay":
                return LocalParts(reference, OpenLocal(reference));
            case "daemon":
                return DaemonScheme.Open(session, reference);
            case "ssh-ng" or "mounted-ssh-ng":
                return SshNgScheme.Open(session, reference, isMounted: reference.Scheme == "mounted-ssh-ng");
            case "ssh":
                return SshScheme.Open(session, reference, onErrorLine);
            case "dummy":
                var nothing = new EmptyStore();
                return new OpenStore(reference, LocalLayout.Of(reference, session.Environment).Directory)
                {
                    Infos = nothing,
                    Referrers = nothing,
                };
            default:
                throw new StoreException(
                    StoreErrors.Unsupported, $"don't know how to open Nix store with scheme '{reference.Scheme}'",
                    hints: "Stores of the kinds 'local', 'local-overlay', 'daemon', 'ssh-ng', 'ssh', 'file', 'http', 'https', 's3' and 'dummy' can be opened, and directories such as '/some/root'.");
        }
    }

    /// <summary>Returns a store that another session opened, with builds as this session wants them.</summary>
    public OpenStore? Reopen(OpenStore? store) => store is { Local: { } local } ? LocalParts(store.Reference, local) : store;

    private OpenStore LocalParts(StoreReference reference, LocalStore store)
    {
        var builds = new DeferredBuilds(() => BuilderMaker.Make(session, store, reference));
        var parts = OpenStore.Of(reference, store) with { Builds = builds, Upkeep = new LocalUpkeep(store, builds) };
        return session.Get<SessionSettings>().ExperimentalFeatures.Contains("ca-derivations")
            ? parts with { Outputs = new RealisedOutputs(store, new DerivationSources(store, null)) }
            : parts;
    }

    private OverlayLayers OpenLayers(StoreReference reference)
    {
        Require("local-overlay-store");
        string Folder(string name) => reference.Parameters.GetValueOrDefault(name) is { Length: > 0 } path
            ? Path.GetFullPath(path)
            : throw new StoreException(StoreErrors.Unsupported, $"store '{reference.ToText()}' needs the parameter '{name}'");
        var lower = StoreReference.Parse(reference.Parameters.GetValueOrDefault("lower-store", "auto"));
        if (lower.Scheme is not ("auto" or "local"))
        {
            throw new StoreException(StoreErrors.Unsupported, $"store '{lower.ToText()}' is not on this machine's disk, so nothing can be laid over it");
        }

        return new OverlayLayers(
            OpenLocal(lower), Folder("upper-layer"),
            reference.Parameters.GetValueOrDefault("remount-hook") is { Length: > 0 } hook ? hook : null,
            reference.Parameters.GetValueOrDefault("check-mount") is null or "true" or "yes" or "1");
    }

    private void Require(string feature)
    {
        if (!session.Get<SessionSettings>().ExperimentalFeatures.Contains(feature))
        {
            throw new StoreException(
                StoreErrors.Unsupported,
                $"experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it");
        }
    }

    private LocalStore OpenLocal(StoreReference reference)
    {
        bool Flag(string name) => reference.Parameters.GetValueOrDefault(name) is "true" or "yes" or "1";
        if (Flag("read-only"))
        {
            Require("read-only-local-store");
        }

        var settings = session.Get<LocalStoreSettings>();
        settings = reference.Parameters.TryGetValue("require-sigs", out var signed)
            ? settings with { RequireSigs = signed is "true" or "yes" or "1" }
            : settings;
        var options = new LocalStoreOptions
        {
            IsReadOnly = Flag("read-only"),
            HasRealisations = session.Get<SessionSettings>().ExperimentalFeatures.Contains("ca-derivations"),
            BuildUsersGroup = session.Get<SandboxSettings>().BuildUsersGroup,
            TrustedKeys = new DeferredKeys(session.Get<SubstituterSettings>().TrustedPublicKeys),
            Overlay = reference.Scheme == "local-overlay" ? OpenLayers(reference) : null,
            IgnoresDeleteFailures = Flag("ignore-gc-delete-failure"),
            // By these C++ Nix's own tests look at what happens while a collection runs and when a disk gets full.
            GcPauses = new GcPauses(session.Environment("_NIX_TEST_GC_SYNC_1"), session.Environment("_NIX_TEST_GC_SYNC_2")),
            FreeSpaceFile = session.Environment("_NIX_TEST_FREE_SPACE_FILE"),
        };
        return LocalStore.Open(LocalLayout.Of(reference, session.Environment), settings, options, session.Log, TimeProvider.System);
    }
}
