using Firn.Evaluation;
using Firn.Evaluation.Host;
using Firn.Flakes;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Flakes.Registries;
using Firn.Model.StorePaths;
using Firn.Sessions.Configuration;

namespace Firn.Sessions.Ports;

/// <summary>Flakes, for evaluation, and held to what pure evaluation allows.</summary>
internal sealed class EvaluationFlakes(Session session) : IFlakes
{
    public IReadOnlyDictionary<string, object> Parse(string text) =>
        InputObjects.From(FlakeReference.Parse(text, session.Flakes.Forms).ToAttributes());

    public string Print(IReadOnlyDictionary<string, object> attributes) =>
        FlakeReference.FromAttributes(InputObjects.Read(attributes), session.Flakes.Forms).ToText(session.Flakes.Forms);

    public FlakeGraph Lock(string reference)
    {
        var flakes = session.Flakes;
        var isPure = session.Get<EvaluationSettings>().PureEval;
        var parsed = FlakeReference.Parse(reference, flakes.Forms);
        if (isPure && !flakes.Forms.IsLocked(parsed.Input))
        {
            throw new FlakeException(
                FlakeErrors.NotLocked, $"cannot call 'getFlake' on unlocked flake reference '{reference}' (use --impure to override)",
                "A locked reference has a revision, or the hash of what it means: '?rev=…' or '?narHash=…'.");
        }

        return flakes.GraphOf(flakes.Lock(parsed, new LockOptions
        {
            MayChange = false,
            Writes = false,
            UsesRegistries = !isPure && session.Get<SessionSettings>().UseRegistries,
            AllowsUnlocked = !isPure,
        }));
    }

    public StorePath FetchTree(string reference) => session.Flakes.Sources.FetchTree(
        FlakeReference.Parse(reference, session.Flakes.Forms, new ReferenceReading(Environment.CurrentDirectory, AllowsMissing: true, IsFlake: false)), RegistryUse.All).Tree;

    public (string Message, string Hint)? FindMissing(string file) => session.StoreDirectory.TrySplit(file, out var tree, out var inside)
        ? session.Flakes.FindMissing(tree, inside.TrimStart('/'))
        : null;

    public string? FindOrigin(string file) => session.StoreDirectory.TrySplit(file, out var tree, out var inside)
        ? session.Flakes.FindOrigin(tree, inside.TrimStart('/'))
        : null;
}
