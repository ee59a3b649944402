using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Model.Text;
using Firn.Sessions;
using Firn.Store.Collecting;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --gc</c>: removes what nothing needs, or lists what would be removed.</summary>
internal sealed class GcCommand : NixStoreCommand
{
    private GcAction _action = new GcAction.DeleteDead();
    private bool _printsRoots;
    private long? _maxFreed;

    public override string Summary => "run garbage collection";

    public override string Examples => """
        # Remove all that is not needed:
        $ nix-store --gc
        # Remove until 100 MiB are freed:
        $ nix-store --gc --max-freed 100M
        # See what would go:
        $ nix-store --gc --print-dead
        """;

    protected override void DeclareOptions(Grammar grammar) => grammar
        .Flag("print-roots", "Print what keeps objects alive.", () => _printsRoots = true)
        .Flag("print-live", "Print the objects that are alive.", () => _action = new GcAction.ListLive())
        .Flag("print-dead", "Print the objects that would be removed.", () => _action = new GcAction.ListDead())
        .Value("max-freed", "bytes", "Stop when this many bytes have been freed.", v => _maxFreed = Math.Max(0, SettingForm.ParseInteger("--max-freed", v)));

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        if (_maxFreed is not null && (_printsRoots || _action is not GcAction.DeleteDead))
        {
            throw new UsageException("option --max-freed cannot be combined with --print-live, --print-dead, or --print-roots");
        }

        if (_printsRoots)
        {
            foreach (var root in session.Store.Roots.ListRoots().OrderBy(r => r.Link, Utf8Order.Comparer).ThenBy(r => r.Path))
            {
                // With quotes around, unlike --query --roots: so upstream prints file names.
                output.Line($"\"{root.Link.Replace("\\", "\\\\").Replace("\"", "\\\"")}\" -> {session.StoreDirectory.Absolute(root.Path)}");
            }

            return 0;
        }

        var result = session.Store.Collector.CollectGarbage(_maxFreed is { } max ? new GcAction.DeleteDead(max) : _action, session.Cancellation);
        if (_action is GcAction.DeleteDead)
        {
            output.Line(Freed(result));
            return 0;
        }

        foreach (var path in result.Paths)
        {
            output.Line(path);
        }

        return 0;
    }

    /// <summary>Tells how much a collection removed.</summary>
    public static string Freed(GcResult result) => $"{result.Paths.Count} store paths deleted, {SizeText.Render(result.BytesFreed)} freed";
}

/// <summary><c>nix-store --delete</c>: removes objects, if nothing needs them.</summary>
internal sealed class DeleteCommand : NixStoreCommand
{
    private bool _ignoresLiveness;

    public override string Summary => "delete store paths";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("ignore-liveness", "Remove paths even when a garbage collector root keeps them.", () => _ignoresLiveness = true);

    protected override int Execute(Session session, Output output)
    {
        var action = new GcAction.DeleteSpecific([.. Paths(session)], _ignoresLiveness);
        output.Line(GcCommand.Freed(session.Store.Collector.CollectGarbage(action, session.Cancellation)));
        return 0;
    }
}
