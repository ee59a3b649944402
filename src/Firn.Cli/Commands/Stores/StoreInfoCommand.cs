using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store info</c>: tells whether a store can be used.</summary>
internal sealed class StoreInfoCommand : Command
{
    private readonly JsonOptions _json = new();

    public override string Summary => "test whether a store can be accessed";

    public override string Examples => """
        # Is there a store below this directory?
        $ nix store info --store /mnt
        """;

    public override void Declare(Grammar grammar) => _json.Declare(grammar);

    public override int Run(Session session, Output output)
    {
        var store = session.Store;
        store.Connection?.Connect();
        var version = store.Local is not null ? Invocation.NixVersion : store.Connection?.Version;
        // Whoever may write the files of a store may do all with it.
        var isTrusted = store.Local is not null || store.Reference.Scheme is "file" or "dummy" ? true : store.Connection?.TrustsUs;
        var url = store.Reference.Scheme switch
        {
            "auto" => "local",
            "file" => store.Reference.ToText(),
            _ => store.Reference.ToString(),
        };
        if (_json.IsWanted)
        {
            output.Json(_json.IsPretty, json =>
            {
                json.WriteStartObject();
                if (isTrusted is { } trusted)
                {
                    json.WriteBoolean("trusted", trusted);
                }

                json.WriteString("url", url);
                if (version is not null)
                {
                    json.WriteString("version", version);
                }

                json.WriteEndObject();
            });
            return 0;
        }

        session.Log.Write(Verbosity.Notice, $"Store URL: {url}");
        if (version is not null)
        {
            session.Log.Write(Verbosity.Notice, $"Version: {version}");
        }

        if (isTrusted is { } isKnown)
        {
            session.Log.Write(Verbosity.Notice, $"Trusted: {(isKnown ? 1 : 0)}");
        }

        return 0;
    }
}

/// <summary><c>nix store path-from-hash-part</c>: completes the digest of an object to its path.</summary>
internal sealed class PathFromHashPartCommand : Command
{
    private string _digest = "";

    public override string Summary => "get a store path from its hash part";

    public override void Declare(Grammar grammar) => grammar.Position("hash-part", v => _digest = v);

    public override int Run(Session session, Output output)
    {
        var path = session.Store.Infos.FindByDigest(_digest)
            ?? throw new CommandException($"there is no store path corresponding to '{_digest}'");
        output.Line(session.StoreDirectory.Absolute(path));
        return 0;
    }
}
