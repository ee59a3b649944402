using Firn.Cli.Commands;

namespace Firn.Cli.Legacy.NixEnv;

/// <summary>The operations of <c>nix-env</c>.</summary>
internal static class NixEnvOperations
{
    public static IReadOnlyList<LegacyOperation> All { get; } =
    [
        new(["--install", "-i"], () => new InstallCommand()),
        new(["--upgrade", "-u"], () => new UpgradeCommand()),
        new(["--uninstall", "-e"], () => new UninstallCommand()),
        new(["--set"], () => new SetCommand()),
        new(["--set-flag"], () => new SetFlagCommand()),
        new(["--query", "-q"], () => new QueryCommand()),
        new(["--switch-profile", "-S"], () => new SwitchProfileCommand()),
        new(["--switch-generation", "-G"], () => new SwitchGenerationCommand()),
        new(["--rollback"], () => new RollbackCommand()),
        new(["--list-generations"], () => new ListGenerationsCommand()),
        new(["--delete-generations"], () => new DeleteGenerationsCommand()),
    ];
}
