using Firn.Building;
using Firn.Cli.Commands;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Evaluation;
using Firn.Model.Diagnostics;
using Firn.Profiles.Generations;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>What all operations of <c>nix-env</c> have in common: the profile they work on, the expression, the arguments.</summary>
internal abstract class NixEnvCommand : Command
{
    private string? _profile;
    private string? _file;
    private string _systemFilter = "*";

    /// <summary>What stands on the line beside options.</summary>
    protected List<string> Arguments { get; } = [];

    protected EvaluationArguments Evaluation { get; } = new();

    /// <summary>The profile that is worked on.</summary>
    protected string Profile { get; private set; } = "";

    /// <summary>Whether only to say what would be done.</summary>
    protected bool IsDryRun { get; private set; }

    /// <summary>Whether to leave out what would have to be built.</summary>
    protected bool OnlyPrebuilt { get; private set; }

    /// <summary>The name that what is installed gets, or null for its own.</summary>
    protected string? ForcedName { get; private set; }

    public sealed override void Declare(Grammar grammar)
    {
        Evaluation.Declare(grammar);
        grammar
            .Value("profile", "path", "Work on this profile instead of the user's.", v => _profile = Path.GetFullPath(v), 'p')
            .Value("file", "path", "Take packages from this expression instead of ~/.nix-defexpr.", v => _file = v, 'f')
            .Flag("dry-run", "Only say what would be done.", () => IsDryRun = true)
            .Flag("prebuilt-only", "Leave out what would have to be built from source.", () => OnlyPrebuilt = true, 'b')
            .Value("system-filter", "system", "Leave out packages for other systems than this; * takes all.", v => _systemFilter = v)
            .Value("force-name", "name", "Install under this name.", v => ForcedName = v)
            .Rest("arguments", Arguments.Add);
        DeclareOptions(grammar);
    }

    public sealed override int Run(Session session, Output output)
    {
        var locations = session.ProfileLocations;
        _file ??= DefaultExpression.Ensure(locations);
        Profile = _profile ?? (session.Environment("NIX_PROFILE") is { Length: > 0 } named ? Path.GetFullPath(named) : DefaultProfile.Find(locations));
        if (IsDryRun)
        {
            session.Log.Write(Verbosity.Info, "(dry run; not doing anything)");
        }

        return Execute(session, output);
    }

    protected virtual void DeclareOptions(Grammar grammar) { }

    protected abstract int Execute(Session session, Output output);

    /// <summary>Runs something that evaluates.</summary>
    protected T Evaluate<T>(Session session, bool isReadOnly, Func<Evaluator, PackageLookup, T> work) =>
        Evaluation.Open(session, isReadOnly).Run(eval => work(eval, new PackageLookup(
            session, eval, Evaluation.Build(eval), _file!, session.Get<BuildSettings>().System, _systemFilter)));

    /// <exception cref="UsageException">There are not exactly <paramref name="count"/> arguments.</exception>
    protected void ExpectArguments(int count)
    {
        if (Arguments.Count != count)
        {
            throw new UsageException(count == 0 ? "no arguments expected" : "exactly one argument expected");
        }
    }
}
