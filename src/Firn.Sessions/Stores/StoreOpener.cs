using Firn.Sandbox;
using Firn.Sessions.Configuration;
using Firn.Store;
using Firn.Store.Local;

namespace Firn.Sessions.Stores;

/// <summary>Opens the store that a reference means.</summary>
internal sealed class StoreOpener(Session session)
{
    public OpenStore Open(StoreReference reference)
    {
        switch (reference.Scheme)
        {
            case "auto" or "local":
                return OpenStore.Of(reference, OpenLocal(reference));
            case "dummy":
                var nothing = new EmptyStore();
                return new OpenStore(reference, LocalLayout.Of(reference, session.Environment).Directory)
                {
                    Infos = nothing,
                    Referrers = nothing,
                };
            default:
                throw new StoreException(
                    StoreErrors.Unsupported, $"don't know how to open Nix store '{reference}'",
                    hints: "Stores of the kinds 'local' and 'dummy' can be opened, and directories such as '/some/root'.");
        }
    }

    private LocalStore OpenLocal(StoreReference reference)
    {
        bool Flag(string name) => reference.Parameters.GetValueOrDefault(name) is "true" or "yes" or "1";
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
            IgnoresDeleteFailures = Flag("ignore-gc-delete-failure"),
            // By these C++ Nix's own tests look at what happens while a collection runs and when a disk gets full.
            GcPauses = new GcPauses(session.Environment("_NIX_TEST_GC_SYNC_1"), session.Environment("_NIX_TEST_GC_SYNC_2")),
            FreeSpaceFile = session.Environment("_NIX_TEST_FREE_SPACE_FILE"),
        };
        return LocalStore.Open(LocalLayout.Of(reference, session.Environment), settings, options, session.Log, TimeProvider.System);
    }
}
