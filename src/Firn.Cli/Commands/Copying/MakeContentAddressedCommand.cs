using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Model.Builds;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.Copying;

namespace Firn.Cli.Commands.Copying;

/// <summary><c>nix store make-content-addressed</c>: copies objects under names that follow from their content.</summary>
internal sealed class MakeContentAddressedCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly CopyStores _stores = new();
    private readonly JsonOptions _json = new();
    private bool _recursive;
    private bool _derivations;

    public override string Summary => "rewrite a path or closure to content-addressed form";

    public override string Examples => """
        # Others can then take it without trusting any key:
        $ nix store make-content-addressed ./result
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _stores.Declare(grammar);
        _json.Declare(grammar);
        grammar
            .Flag("all", "Apply the operation to every store path.", () => throw new UsageException("'--all' would rewrite the store into itself"))
            .Flag("recursive", "Apply operation to closure of the specified paths; all that is needed is rewritten anyway.", () => _recursive = true, 'r')
            .Flag("derivation", "Operate on the store derivation rather than its outputs.", () => _derivations = true);
    }

    public override int Run(Session session, Output output)
    {
        using (_stores)
        {
            var (from, to) = (_stores.Source(session), _stores.Target(session));
            var installables = _installables.Parse(session);
            if (!_stores.HasSource && !_derivations)
            {
                Builds.Run(session, [.. installables.SelectMany(i => i.DerivedPaths())], BuildMode.Normal);
            }

            var paths = new SortedSet<StorePath>(_derivations
                ? InstallablePaths.Derivations(session, installables)
                : InstallablePaths.Outputs(session, installables));
            paths = _recursive ? from.Closure.Of(paths) : paths;
            var made = new ContentAddresser(from, to, session.Log).Copy(paths, session.Cancellation);
            Tell(session, output, [.. paths.Select(p => (from.Directory.Absolute(p), to.Directory.Absolute(made[p])))]);
            return 0;
        }
    }

    private void Tell(Session session, Output output, IReadOnlyList<(string Old, string New)> rewrites)
    {
        if (!_json.IsWanted)
        {
            foreach (var (old, @new) in rewrites)
            {
                session.Log.Write(Verbosity.Notice, $"rewrote '{old}' to '{@new}'");
            }

            return;
        }

        output.Json(_json.IsPretty, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("rewrites");
            foreach (var (old, @new) in rewrites)
            {
                json.WriteString(old, @new);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
