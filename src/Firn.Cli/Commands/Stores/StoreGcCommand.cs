using Firn.Cli.Installables;
using Firn.Cli.Legacy.NixStore;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.Collecting;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store gc</c>: removes what nothing needs.</summary>
internal sealed class StoreGcCommand : Command
{
    private long? _max;
    private bool _isDry;

    public override string Summary => "perform garbage collection on a Nix store";

    public override string Examples => """
        # Remove all that is not needed:
        $ nix store gc
        # Remove at most 1 GiB:
        $ nix store gc --max 1G
        """;

    public override void Declare(Grammar grammar) => grammar
        .Value("max", "n", "Stop after freeing n bytes of disk space. Cannot be combined with --dry-run.", v => _max = SettingForm.ParseInteger("--max", v) is >= 0 and var bytes
            ? bytes
            : throw new UsageException($"'{v}' is less than nothing: '--max' takes a number of bytes"))
        .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true);

    public override int Run(Session session, Output output)
    {
        if (_max is not null && _isDry)
        {
            throw new UsageException("options --max and --dry-run cannot be combined");
        }

        GcAction action = _isDry ? new GcAction.ListDead() : new GcAction.DeleteDead(_max ?? long.MaxValue);
        var result = session.Store.Collector.CollectGarbage(action, session.Cancellation);
        output.Line(_isDry ? $"{result.Paths.Count} store paths would be deleted" : GcCommand.Freed(result));
        return 0;
    }
}

/// <summary><c>nix store delete</c>: removes objects, if nothing needs them.</summary>
internal sealed class StoreDeleteCommand : StorePathsCommand
{
    private bool _ignoresLiveness;

    public override string Summary => "delete paths from the Nix store";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("ignore-liveness", "Do not check whether the paths are reachable from a root.", () => _ignoresLiveness = true);

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        var result = session.Store.Collector.CollectGarbage(new GcAction.DeleteSpecific([.. paths], _ignoresLiveness), session.Cancellation);
        output.Line(GcCommand.Freed(result));
        return 0;
    }
}

/// <summary><c>nix store optimise</c>: links files with the same content.</summary>
internal sealed class StoreOptimiseCommand : Command
{
    public override string Summary => "replace identical files in the store by hard links";

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output)
    {
        session.Store.Upkeep.Optimise(session.Cancellation);
        return 0;
    }
}
