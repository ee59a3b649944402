using Firn.Cli.Evaluating;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Flakes.Locking;
using Firn.Flakes.References;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary>A command that works on one flake: the one in the current folder unless another is named.</summary>
internal abstract class FlakeCommand : Command
{
    /// <summary>How it is locked.</summary>
    protected FlakeOptions Options { get; } = new();

    /// <summary>How it is evaluated.</summary>
    protected EvaluationArguments Evaluation { get; } = new();

    /// <summary>The reference as it was written.</summary>
    protected string Url { get; set; } = ".";

    public override void SetDefaults(CommonOptions options) => options.Set("pure-eval", "true");

    public override void Declare(Grammar grammar)
    {
        Evaluation.Declare(grammar);
        Evaluation.DeclareDebugger(grammar);
        Options.Declare(grammar);
        grammar.OptionalPosition("flake-url", v => Url = v);
    }

    protected FlakeReference Reference(Session session) => session.Flakes.Parse(Url);

    protected LockedFlake Lock(Session session) => session.Flakes.Lock(Reference(session), Options.Build(session));

    /// <summary>Returns the flake, to be evaluated.</summary>
    protected FlakeSource Source(Session session, bool isReadOnly = false) => new(session, Reference(session), Options.Build(session), Evaluation, isReadOnly);
}
