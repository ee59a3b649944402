using System.Text.Json;
using Firn.Cli.Parsing;
using Firn.Flakes.Locking;
using Firn.Flakes.Registries;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.Copying;
using Firn.Store.Nars;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake archive</c>: has a flake and all its inputs in the store, and copies them to another.</summary>
internal sealed class FlakeArchiveCommand : FlakeCommand
{
    private readonly JsonOptions _json = new();
    private readonly HashSet<StorePath> _trees = [];
    private string? _target;
    private bool _isDry;
    private bool _checksSignatures = true;

    public override string Summary => "copy a flake and all its inputs to a store";

    public override string Examples => """
        # Copy all that a flake is made of to another machine:
        $ nix flake archive --to ssh-ng://example.org
        """;

    public override void Declare(Grammar grammar)
    {
        base.Declare(grammar);
        _json.Declare(grammar);
        grammar
            .Value("to", "store-uri", "URI of the destination Nix store", v => _target = v)
            .Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true)
            .Flag("no-check-sigs", "Do not require that paths are signed by trusted keys.", () => _checksSignatures = false);
    }

    public override int Run(Session session, Output output)
    {
        var locked = Lock(session);
        _trees.Add(locked.Flake.Place.Tree);
        var inputs = Visit(session, locked, locked.Lock.Root);
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json => Write(json, session, new Archived(locked.Flake.Place.Tree, inputs)));
        }

        if (!_isDry && _target is not null)
        {
            using var target = session.OpenStore(_target);
            new StoreCopier(session.Store.Infos, session.Store.Nars, target.Infos, target.NarSink, session.StoreDirectory, session.Log).Copy(
                _trees, $"to '{_target}'", new NarImport(Repair: false, _checksSignatures), session.Cancellation);
        }

        return 0;
    }

    private List<(string Name, Archived Input)> Visit(Session session, LockedFlake locked, LockNode node)
    {
        var inputs = new List<(string, Archived)>();
        foreach (var (name, edge) in node.Inputs)
        {
            if (edge is LockEdge.Own { Node: { Locked: { } input } inner })
            {
                StorePath? tree = null;
                if (!input.Reference.IsRelative)
                {
                    tree = locked.Places.TryGetValue(inner, out var place) ? place.Tree
                        : _isDry && input.Reference.Input.NarHash is { } hash ? session.StoreDirectory.MakeContentAddressed(
                            input.Reference.Input.Name, new Model.ContentAddresses.ContentAddress(Model.ContentAddresses.ContentAddressMethod.NixArchive, hash), [])
                        : session.Flakes.Sources.FetchTree(input.Reference, RegistryUse.None).Tree;
                    _trees.Add(tree);
                }

                inputs.Add((name, new Archived(tree, Visit(session, locked, inner))));
            }
        }

        return inputs;
    }

    private static void Write(Utf8JsonWriter json, Session session, Archived archived)
    {
        json.WriteStartObject();
        json.WriteStartObject("inputs");
        foreach (var (name, input) in archived.Inputs)
        {
            json.WritePropertyName(name);
            Write(json, session, input);
        }

        json.WriteEndObject();
        if (archived.Tree is not null)
        {
            json.WriteString("path", session.StoreDirectory.Absolute(archived.Tree));
        }

        json.WriteEndObject();
    }

    private sealed record Archived(StorePath? Tree, List<(string Name, Archived Input)> Inputs);
}
