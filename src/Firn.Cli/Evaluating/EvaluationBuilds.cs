using Firn.Evaluation.Contexts;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store;
using Firn.Store.Copying;
using Firn.Store.Nars;

namespace Firn.Cli.Evaluating;

/// <summary>What evaluation calls when it has to read what must be built first.</summary>
internal static class EvaluationBuilds
{
    /// <summary>Returns a function that builds outputs with the session's builder.</summary>
    public static Func<IReadOnlyCollection<ContextElement.Output>, IReadOnlyList<(ContextElement.Output Output, StorePath Path)>> Of(Session session) => outputs =>
    {
        var wanted = outputs.Select(o => (Output: o, Path: PathOf(o))).ToList();
        session.Builder.BuildAll([.. wanted.Select(w => w.Path.ToDerivedPath())], BuildMode.Normal, session.Cancellation);
        var built = wanted.ConvertAll(w => (w.Output, Path: Find(session, w.Path)));
        if (session.EvaluationReference is not null)
        {
            // Evaluation goes on where it writes, and reads there what was built elsewhere.
            var (from, to) = (session.Store, session.EvaluationStore);
            new StoreCopier(from.Infos, from.Nars, to.Infos, to.NarSink, session.StoreDirectory, session.Log).Copy(
                from.Closure.Of(built.Select(b => b.Path)), $"to '{session.EvaluationReference}'",
                new NarImport(Repair: false, ChecksSignatures: true), session.Cancellation);
        }

        return built;
    };

    /// <summary>Returns what stands for an output that a string depends on.</summary>
    public static SingleDerivedPath PathOf(ContextElement.Output output)
    {
        SingleDerivedPath path = new SingleDerivedPath.Opaque(output.Derivation);
        foreach (var name in output.Through.IsDefault ? [] : output.Through)
        {
            path = new SingleDerivedPath.Built(path, name);
        }

        return new SingleDerivedPath.Built(path, output.Name);
    }

    private static StorePath Find(Session session, SingleDerivedPath path) => path switch
    {
        SingleDerivedPath.Built(var derivation, var name) when Find(session, derivation) is var drv =>
            session.Store.Outputs.FindOutputs(drv).GetValueOrDefault(name) ?? throw new StoreException(
                StoreErrors.BadDerivation, $"derivation '{session.StoreDirectory.Absolute(drv)}' does not have an output named '{name}'"),
        _ => path.BasePath,
    };
}
