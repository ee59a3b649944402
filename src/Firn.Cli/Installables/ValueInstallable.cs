using Firn.Cli.Evaluating;
using Firn.Evaluation;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Values;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;

namespace Firn.Cli.Installables;

/// <summary>A value that evaluation gives.</summary>
internal abstract class ValueInstallable : Installable
{
    /// <summary>The session in which it is evaluated.</summary>
    public abstract Sessions.EvaluationSession Evaluation { get; }

    /// <summary>Evaluates what is meant and hands it on; a function is called only to get at something in it.</summary>
    public abstract T Evaluate<T>(Func<Evaluator, Value, T> use);

    /// <summary>As <see cref="Evaluate"/>, of which the answer in parts is all that counts: it may be one that was found before.</summary>
    public abstract void Answer(Action<byte[]> take, Action<Evaluator, Value, Action<byte[]>> use);

    /// <summary>A string stands for the one thing that it depends on, a path for the object that it names; null for other values.</summary>
    protected static DerivedPath? PathOf(Evaluator eval, Value value)
    {
        if (value.AsString is { } text)
        {
            return OfText(text.ToString(), text.Context is { } context ? context.Elements : []);
        }

        return StoreObject(eval, value) is { } path ? new DerivedPath.Opaque(path) : null;
    }

    private static DerivedPath OfText(string text, System.Collections.Immutable.ImmutableArray<ContextElement> context) => context switch
    {
        [ContextElement.Output made] => EvaluationBuilds.PathOf(made).ToDerivedPath(),
        [ContextElement.Opaque { Object: var path }] => new DerivedPath.Opaque(path),
        [_] => throw new CommandException($"string '{text}' has a context which refers to a complete source and binary closure. This is not supported at this time"),
        _ => throw new CommandException($"string '{text}' has {context.Length} entries in its context. It should only have exactly one entry"),
    };

    private static StorePath? StoreObject(Evaluator eval, Value value) => value switch
    {
        { AsPath: { } file } when eval.Host.Store.Directory.TrySplit(file, out var path, out var rest) => rest.Length == 0
            ? path
            : eval.Host.Store.AddPath(System.IO.Path.GetFileName(rest), eval.Host.Store.RealPath(file), Model.ContentAddresses.ContentAddressMethod.NixArchive, null, null, []),
        _ => null,
    };
}
