using Firn.Building;
using Firn.Model.Derivations;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;
using Firn.Store;
using Firn.Store.Realisations;

namespace Firn.Cli.Installables;

/// <summary>Works out which objects installables mean.</summary>
internal static class InstallablePaths
{
    /// <summary>Returns the objects that installables are once built, without building them.</summary>
    /// <exception cref="StoreException">The path of an output is not known before it is built.</exception>
    public static IEnumerable<StorePath> Outputs(Session session, IEnumerable<Installable> installables) =>
        installables.SelectMany(i => i.DerivedPaths()).SelectMany(path => OutputsOf(session.Store, path));

    /// <summary>Returns the objects that installables are in a store, and how that store knows which they are.</summary>
    /// <exception cref="StoreException">The path of an output is not known there.</exception>
    public static (IReadOnlyList<StorePath> Paths, IReadOnlyList<Realisation> Realisations) Realised(
        Session session, OpenStore store, IEnumerable<Installable> installables)
    {
        if (!session.Get<SessionSettings>().ExperimentalFeatures.Contains("ca-derivations"))
        {
            return ([.. Outputs(session, installables)], []);
        }

        var (paths, realisations) = (new List<StorePath>(), new List<Realisation>());
        var derivations = session.Store.Derivations;
        var there = store.HasRealisations
            ? new RealisationsElsewhere(new OutputIds(derivations, session.StoreDirectory), derivations, store.Realisations, session.StoreDirectory)
            : null;
        foreach (var path in installables.SelectMany(i => i.DerivedPaths()))
        {
            if (path is not DerivedPath.Built { Derivation: SingleDerivedPath.Opaque(var drv) } built)
            {
                paths.Add(path.BasePath);
                continue;
            }

            var derivation = derivations.Read(drv);
            foreach (var name in built.Outputs.Select(derivation))
            {
                if (there?.Find(drv, name) is { } realisation)
                {
                    paths.Add(realisation.OutputPath);
                    realisations.Add(realisation);
                    continue;
                }

                paths.Add(derivation.FindOutput(name)?.FindPath(session.StoreDirectory, derivation.Name, name) ?? throw new StoreException(
                    StoreErrors.NotValid,
                    $"cannot operate on output '{name}' of the unbuilt derivation '{session.StoreDirectory.Absolute(drv)}'"));
            }
        }

        return (paths, realisations);
    }

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

    /// <summary>Returns the object that is meant, which another derivation may have made.</summary>
    /// <exception cref="StoreException">It is not known before that is built.</exception>
    public static StorePath Resolve(OpenStore store, SingleDerivedPath path) => path switch
    {
        SingleDerivedPath.Built(var derivation, var name) when Resolve(store, derivation) is var drv =>
            store.Outputs.FindOutputs(drv).GetValueOrDefault(name) ?? throw new StoreException(
                StoreErrors.NotValid,
                $"the path of output '{name}' of '{store.Directory.Absolute(drv)}' is not known before it is built"),
        _ => path.BasePath,
    };

    /// <summary>Returns the objects that a request means.</summary>
    public static IEnumerable<StorePath> OutputsOf(OpenStore store, DerivedPath path)
    {
        if (path is not DerivedPath.Built built)
        {
            return [path.BasePath];
        }

        var drv = Resolve(store, built.Derivation);
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
