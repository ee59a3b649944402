using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Stores;
using Firn.Store;

namespace Firn.Cli.Installables;

/// <summary>Works out which objects installables mean.</summary>
internal static class InstallablePaths
{
    /// <summary>Returns the objects that installables are once built, without building them.</summary>
    /// <exception cref="StoreException">The path of an output is not known before it is built.</exception>
    public static IEnumerable<StorePath> Outputs(Session session, IEnumerable<Installable> installables) =>
        installables.SelectMany(i => i.DerivedPaths()).SelectMany(path => OutputsOf(session.Store, path));

    /// <summary>Returns the derivations of installables; a plain object stands for the derivation that made it.</summary>
    public static IEnumerable<StorePath> Derivations(Session session, IEnumerable<Installable> installables) =>
        installables.SelectMany(i => i.DerivedPaths()).Select(path => path switch
        {
            DerivedPath.Opaque { Path: { IsDerivation: false } output } =>
                session.Store.Infos.Find(output)?.Deriver is { } deriver && session.Store.Infos.IsValid(deriver)
                    ? deriver
                    : throw new StoreException(StoreErrors.NotValid, $"'{session.StoreDirectory.Absolute(output)}' does not have a known deriver"),
            _ => path.BasePath,
        });

    /// <summary>Returns the objects that a request means.</summary>
    public static IEnumerable<StorePath> OutputsOf(OpenStore store, DerivedPath path)
    {
        if (path is not DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var drv) } built)
        {
            return [path.BasePath];
        }

        var derivation = store.Derivations.Read(drv);
        IReadOnlyDictionary<string, StorePath?>? registered = null;
        return [.. built.Outputs.Select(derivation).Select(name =>
        {
            var output = derivation.FindOutput(name) ?? throw new StoreException(
                StoreErrors.BadDerivation, $"derivation '{store.Directory.Absolute(drv)}' does not have an output named '{name}'");
            return output.FindPath(store.Directory, derivation.Name, name)
                ?? (registered ??= store.Outputs.FindOutputs(drv)).GetValueOrDefault(name)
                ?? throw new StoreException(
                    StoreErrors.NotValid,
                    $"the path of output '{name}' of '{store.Directory.Absolute(drv)}' is not known before it is built");
        })];
    }
}
