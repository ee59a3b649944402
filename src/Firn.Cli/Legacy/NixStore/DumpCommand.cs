using Firn.Archive.Trees;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --dump</c>: writes the archive of a path to standard output.</summary>
internal sealed class DumpCommand : NixStoreCommand
{
    public override string Summary => "write a single path to a Nix Archive";

    public override string Examples => """
        # Copy a tree to another machine, without its times and owners:
        $ nix-store --dump ./tree | ssh other nix-store --restore ./tree
        """;

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var path])
        {
            throw new UsageException("only one argument allowed");
        }

        TreeDumper.WriteNar(
            path, output.Stream, new TreeDumpOptions { UndoesCaseHack = session.Get<SessionSettings>().UseCaseHack });
        return 0;
    }
}

/// <summary><c>nix-store --restore</c>: unpacks an archive from standard input.</summary>
internal sealed class RestoreCommand : NixStoreCommand
{
    public override string Summary => "extract a Nix archive";

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var path])
        {
            throw new UsageException("only one argument allowed");
        }

        using var input = new BufferedStream(Console.OpenStandardInput(), 65536);
        TreeRestorer.Restore(
            input, path, TreeRestoreOptions.Plain with { UsesCaseHack = session.Get<SessionSettings>().UseCaseHack });
        return 0;
    }
}
