using Firn.Cli.Evaluating;
using Firn.Evaluation;

using Firn.Evaluation.Values;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>A flake that several installables are parts of; locked and evaluated once.</summary>
internal sealed class FlakeSource
{
    private readonly Lazy<LockedFlake> _locked;
    private readonly Lazy<EvaluationSession> _evaluation;
    private Value? _flake;

    /// <param name="session">The settings and the store.</param>
    /// <param name="reference">Which flake.</param>
    /// <param name="options">How it is locked.</param>
    /// <param name="arguments">Makes the evaluator.</param>
    /// <param name="isReadOnly">Whether derivations and sources are only named.</param>
    public FlakeSource(Session session, FlakeReference reference, LockOptions options, EvaluationArguments arguments, bool isReadOnly)
    {
        (Session, Reference) = (session, reference);
        _locked = new(() =>
        {
            var locked = session.Flakes.Lock(reference, options);
            new FlakeSettings(session).Follow(locked.Flake);
            return locked;
        });
        _evaluation = new(() =>
        {
            // What the flake sets counts for its evaluation.
            _ = Locked;
            return arguments.Open(session, isReadOnly);
        });
    }

    public Session Session { get; }

    public FlakeReference Reference { get; }

    /// <summary>How the user wrote it, more or less.</summary>
    public string Name => Reference.ToText(Session.Flakes.Forms);

    public LockedFlake Locked => _locked.Value;

    public EvaluationSession Evaluation => _evaluation.Value;

    public StoreDirectory StoreDirectory => Session.StoreDirectory;

    /// <summary>Runs something with the flake's outputs.</summary>
    public T Run<T>(Func<Evaluator, AttributeSet, T> use) => Evaluation.Run(eval => use(eval, Outputs(eval)));

    /// <summary>Answers a question about them, which may have been answered before.</summary>
    public void Answer(IEnumerable<string> question, Action<byte[]> take, Action<Evaluator, AttributeSet, Action<byte[]>> use) => Evaluation.Answer(
        ["flake", Locked.Flake.Place.Tree.ToString(), Locked.Flake.Place.Directory, Locked.Flake.Locked.ToAttributes().ToJson(), $"{Locked.IsChanged}", LockFileJson.Write(Locked.Lock), .. question],
        take, (eval, give) => use(eval, Outputs(eval), give));

    /// <summary>Returns the flake with what is known about it.</summary>
    public Value Flake(Evaluator eval) => _flake ??= Call(eval);

    /// <summary>Returns what the flake offers.</summary>
    public AttributeSet Outputs(Evaluator eval) =>
        eval.Force(Flake(eval).AsSet!.Value.Find(eval.Symbols.Intern("outputs"))!.Value).AsSet!.Value;

    private Value Call(Evaluator eval) => Firn.Evaluation.Builtins.Flakes.Call(eval, Session.Flakes.GraphOf(Locked));
}
