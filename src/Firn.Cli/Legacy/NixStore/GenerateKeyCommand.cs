using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Signing;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --generate-binary-cache-key</c>: makes a pair of keys that sign and check.</summary>
internal sealed class GenerateKeyCommand : NixStoreCommand
{
    public override string Summary => "generate key pair to use for a binary cache";

    public override string Examples => """
        # A key for cache.example.org; the first file stays secret:
        $ nix-store --generate-binary-cache-key cache.example.org-1 ./secret ./public
        """;

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var name, var secretFile, var publicFile])
        {
            throw new UsageException("three arguments expected", "They are the key's name, the file for the secret key and the file for the public key.");
        }

        using var key = SecretKey.Generate(name);
        Write(publicFile, key.PublicKey.ToString(), 0b110_110_110);
        Write(secretFile, key.Export(), 0b110_000_000);
        return 0;
    }

    private static void Write(string path, string text, int mode)
    {
        using var file = FileHandle.OpenEmpty(path, mode);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
