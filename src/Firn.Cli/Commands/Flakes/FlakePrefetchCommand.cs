using Firn.Cli.Parsing;
using Firn.Flakes.Registries;
using Firn.Flakes.Locking;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake prefetch</c>: fetches the tree that a reference means, which need be no flake.</summary>
internal sealed class FlakePrefetchCommand : FlakeCommand
{
    private readonly JsonOptions _json = new();
    private string? _link;

    public override string Summary => "download the source tree denoted by a flake reference into the Nix store";

    public override string Examples => """
        # Fetch an archive and learn its hash:
        $ nix flake prefetch https://example.org/source.tar.gz --json
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
        grammar.Value("out-link", "path", "Create symlink named path to the resulting store path.", v => _link = v, 'o');
    }

    public override int Run(Session session, Output output)
    {
        var reference = Reference(session);
        var (resolved, locked, tree) = session.Flakes.Sources.FetchTree(reference, RegistryUse.All);
        var hash = session.Fetcher.Store.Infos.Find(tree)!.NarHash.ToString(HashFormat.Sri);
        if (_json.IsWanted)
        {
            // A revision identifies a tree; what is at an address may be another tomorrow, so that its hash is part of what it is.
            var plain = resolved.Input.Has("narHash") || locked.Input.Type is "tarball" or "file" ? locked : locked with { Input = locked.Input.Without("narHash") };
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartObject();
                json.WriteString("hash", hash);
                json.WritePropertyName("locked");
                json.WriteRawValue(plain.ToAttributes().Without("__final").ToJson());
                json.WritePropertyName("original");
                json.WriteRawValue(resolved.ToAttributes().ToJson());
                json.WriteString("storePath", session.StoreDirectory.Absolute(tree));
                json.WriteEndObject();
            });
        }
        else
        {
            session.Log.Write(
                Verbosity.Notice, $"Downloaded '{locked.ToText(session.Flakes.Forms)}' to '{session.StoreDirectory.Absolute(tree)}' (hash '{hash}').");
        }

        if (_link is not null)
        {
            session.Store.Roots.AddPermanentRoot(tree, Path.GetFullPath(_link));
        }

        return 0;
    }
}

/// <summary><c>nix flake prefetch-inputs</c>: fetches all that a flake needs, to be able to evaluate it later.</summary>
internal sealed class FlakePrefetchInputsCommand : FlakeCommand
{
    public override string Summary => "fetch the inputs of a flake";

    public override int Run(Session session, Output output)
    {
        var locked = Lock(session);
        var failed = 0;
        foreach (var edge in locked.Lock.ListInputs().Values)
        {
            if (edge is LockEdge.Own { Node: { Locked: { Reference.IsRelative: false } input } node } && !locked.Places.ContainsKey(node))
            {
                try
                {
                    session.Flakes.Sources.FetchTree(input.Reference, RegistryUse.None);
                }
                catch (FirnException e)
                {
                    session.Log.Write(Verbosity.Error, e.Message);
                    failed++;
                }
            }
        }

        return failed == 0 ? 0 : 1;
    }
}
