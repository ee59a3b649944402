using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Commands.Copying;

/// <summary>The options that say between which stores something is copied.</summary>
internal sealed class CopyStores : IDisposable
{
    private string? _from;
    private string? _to;
    private OpenStore? _opened;
    private OpenStore? _openedTarget;

    /// <summary>Whether things come from another store than the usual one.</summary>
    public bool HasSource => _from is not null;

    public void Declare(Grammar grammar) => grammar
        .Value("from", "store-uri", "URL of the source Nix store.", v => _from = v)
        .Value("to", "store-uri", "URL of the destination Nix store.", v => _to = v);

    /// <exception cref="UsageException">Neither is given.</exception>
    public void Check()
    {
        if (_from is null && _to is null)
        {
            throw new UsageException("you must pass '--from' and/or '--to'");
        }
    }

    public OpenStore Source(Session session) => _from is null ? session.Store : _opened ??= session.OpenStore(_from);

    public OpenStore Target(Session session) => _to is null ? session.Store : _openedTarget ??= session.OpenStore(_to);

    /// <summary>Says for a person from where to where.</summary>
    public string Describe() => (_from, _to) switch
    {
        (null, { } to) => $"to '{Name(to)}'",
        ({ } from, null) => $"from '{Name(from)}'",
        _ => $"from '{Name(_from!)}' to '{Name(_to!)}'",
    };

    private static string Name(string uri) => StoreReference.Parse(uri).ToText();

    public void Dispose()
    {
        _opened?.Dispose();
        _openedTarget?.Dispose();
    }
}
