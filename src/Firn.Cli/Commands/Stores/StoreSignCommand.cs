using System.Text;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Signing;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Sessions;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store sign</c>: signs objects with a key of one's own.</summary>
internal sealed class StoreSignCommand : StorePathsCommand
{
    private string? _file;

    public override string Summary => "sign store paths with a local key";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Value("key-file", "file", "File containing the secret signing key.", v => _file = v, 'k');

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        var file = _file ?? throw new UsageException("required argument '--key-file' is missing");
        using var key = SecretKey.Parse(Encoding.UTF8.GetString(FileContent.ReadAll(file)).Trim());
        var added = 0;
        foreach (var path in paths)
        {
            var info = session.Store.Infos.Get(path, session.StoreDirectory);
            var signature = key.Sign(info with { Signatures = [] }, session.StoreDirectory).Signatures[0];
            if (!info.Signatures.Contains(signature))
            {
                session.Store.Signatures.AddSignatures(path, [signature]);
                added++;
            }
        }

        session.Log.Write(Verbosity.Info, $"added {added} signatures");
        return 0;
    }
}

/// <summary><c>nix key generate-secret</c>: prints a new secret key.</summary>
internal sealed class KeyGenerateSecretCommand : Command
{
    private string? _name;

    public override string Summary => "generate a secret key for signing store paths";

    public override string Examples => """
        # Keep a new key to oneself:
        $ (umask 077; nix key generate-secret --key-name cache.example.org-1 > secret)
        """;

    public override void Declare(Grammar grammar) =>
        grammar.Value("key-name", "name", "Identifier of the key (e.g. cache.example.org-1).", v => _name = v);

    public override int Run(Session session, Output output)
    {
        using var key = SecretKey.Generate(_name ?? throw new UsageException("required argument '--key-name' is missing"));
        output.Text.Write(key.Export());
        return 0;
    }
}

/// <summary><c>nix key convert-secret-to-public</c>: prints the public half of a secret key.</summary>
internal sealed class KeyConvertCommand : Command
{
    public override string Summary => "generate a public key for verifying store paths from a secret key read from standard input";

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var key = SecretKey.Parse(input.ReadToEnd().Trim());
        output.Text.Write(key.PublicKey.ToString());
        return 0;
    }
}
