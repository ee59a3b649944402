using Firn.Cli.Commands;

namespace Firn.Cli.Legacy.NixStore;

/// <summary>The operations of <c>nix-store</c>.</summary>
internal static class NixStoreOperations
{
    public static IReadOnlyList<LegacyOperation> All { get; } =
    [
        new(["--realise", "--realize", "-r"], () => new RealiseCommand()),
        new(["--query", "-q"], () => new QueryCommand()),
        new(["--add", "-A"], () => new AddCommand()),
        new(["--add-fixed"], () => new AddFixedCommand()),
        new(["--print-fixed-path"], () => new PrintFixedPathCommand()),
        new(["--delete"], () => new DeleteCommand()),
        new(["--gc"], () => new GcCommand()),
        new(["--read-log", "-l"], () => new ReadLogCommand()),
        new(["--export"], () => new ExportCommand()),
        new(["--import"], () => new ImportCommand()),
        new(["--print-env"], () => new PrintEnvCommand()),
        new(["--dump-db"], () => new DumpDbCommand()),
        new(["--load-db"], () => new LoadDbCommand()),
        new(["--register-validity"], () => new RegisterValidityCommand()),
        new(["--check-validity"], () => new CheckValidityCommand()),
        new(["--dump"], () => new DumpCommand()),
        new(["--restore"], () => new RestoreCommand()),
        new(["--init"], () => new InitCommand()),
        new(["--repair-path"], () => new RepairPathCommand()),
        new(["--verify"], () => new VerifyCommand()),
        new(["--verify-path"], () => new VerifyPathCommand()),
        new(["--optimise", "--optimize"], () => new OptimiseCommand()),
        new(["--serve"], () => new ServeCommand()),
        new(["--generate-binary-cache-key"], () => new GenerateKeyCommand()),
    ];
}
