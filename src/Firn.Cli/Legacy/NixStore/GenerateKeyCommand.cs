using Firn.Model.Diagnostics;
using Firn.Model.Signing;
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
        File.WriteAllText(publicFile, key.PublicKey.ToString());
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new StreamWriter(secretFile, options);
        file.Write(key.Export());
        return 0;
    }
}
