using Firn.Model.Derivations;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;
using Firn.Store.Realisations;

namespace Firn.Cli.Commands.Caches;

/// <summary>Says of which outputs of content-addressed derivations an object of a store is known to be.</summary>
/// <remarks>A store on this disk is asked for that; of another one, the derivation that made the object says what to ask for.</remarks>
internal sealed class KnownRealisations(OpenStore store, SessionSettings settings)
{
    private readonly OutputIds _ids = new(store.Derivations, store.Directory);

    public IReadOnlyList<Realisation> Of(StorePath path) =>
        !settings.ExperimentalFeatures.Contains("ca-derivations") ? []
        : store.Local is { } local ? local.ListRealisations(path)
        : store.HasRealisations ? [.. Ask(path)]
        : [];

    private IEnumerable<Realisation> Ask(StorePath path) =>
        store.Infos.Find(path)?.Deriver is { } deriver && store.Infos.IsValid(deriver)
            ? store.Derivations.Read(deriver).Outputs
                .Where(o => o is { Output: DerivationOutput.FloatingContent or DerivationOutput.Deferred })
                .Select(o => store.Realisations.Find(_ids.Of(deriver, o.Name)))
                .OfType<Realisation>()
                .Where(r => r.OutputPath.Equals(path))
            : [];
}
