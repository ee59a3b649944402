using Firn.Cli.Commands;
using Firn.Model.ContentAddresses;

namespace Firn.Cli.Legacy.NixStore;

/// <summary>The operations of <c>nix-store</c>.</summary>
internal static class NixStoreOperations
{
    public static IReadOnlyList<LegacyOperation> All { get; } =
    [
        new(["--query", "-q"], () => new QueryCommand()),
        new(["--add", "-A"], () => new AddCommand()),
        new(["--add-fixed"], () => new AddFixedCommand()),
        new(["--print-fixed-path"], () => new PrintFixedPathCommand()),
        new(["--print-env"], () => new PrintEnvCommand()),
        new(["--dump-db"], () => new DumpDbCommand()),
        new(["--load-db"], () => new LoadDbCommand()),
        new(["--register-validity"], () => new RegisterValidityCommand()),
        new(["--check-validity"], () => new CheckValidityCommand()),
        new(["--dump"], () => new DumpCommand()),
        new(["--restore"], () => new RestoreCommand()),
        new(["--init"], () => new InitCommand()),
        new(["--verify-path"], () => new VerifyPathCommand()),
        new(["--optimise", "--optimize"], () => new OptimiseCommand()),
        new(["--generate-binary-cache-key"], () => new GenerateKeyCommand()),
    ];
}
