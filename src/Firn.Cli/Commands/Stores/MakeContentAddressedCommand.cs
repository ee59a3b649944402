using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.Copying;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store make-content-addressed</c>: copies objects so that their content names them.</summary>
internal sealed class MakeContentAddressedCommand : StorePathsCommand
{
    private readonly JsonOptions _json = new();
    private string? _from;
    private string? _to;

    public override string Summary => "rewrite a path or closure to content-addressed form";

    public override string Examples => """
        # Have a program in a form that nobody has to sign:
        $ nix store make-content-addressed -r ./result
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        _json.Declare(grammar);
        grammar
            .Value("from", "store-uri", "URL of the source Nix store.", v => _from = v)
            .Value("to", "store-uri", "URL of the destination Nix store.", v => _to = v);
    }

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        using var source = _from is null ? null : session.OpenStore(_from);
        using var target = _to is null ? null : session.OpenStore(_to);
        var (from, to) = (source ?? session.Store, target ?? session.Store);
        var renamed = new ContentAddressing(from.Infos, from.Nars, to.NarSink, session.StoreDirectory).Rewrite(paths, session.Cancellation);
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("rewrites");
                foreach (var path in paths.Order())
                {
                    json.WriteString(session.StoreDirectory.Absolute(path), session.StoreDirectory.Absolute(renamed[path]));
                }

                json.WriteEndObject();
                json.WriteEndObject();
            });
            return 0;
        }

        foreach (var path in paths)
        {
            session.Log.Write(
                Verbosity.Error, $"rewrote '{session.StoreDirectory.Absolute(path)}' to '{session.StoreDirectory.Absolute(renamed[path])}'");
        }

        return 0;
    }
}
