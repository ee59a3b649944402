using Firn.Archive.Trees;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands.Stores;

/// <summary><c>nix store dump-path</c>: writes the archive of an object to standard output.</summary>
internal sealed class StoreDumpPathCommand : StorePathsCommand
{
    public override string Summary => "serialise a store path to stdout in NAR format";

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        if (paths is not [var path])
        {
            throw new UsageException("this command requires exactly one store path");
        }

        NotForTerminals();
        session.Store.Nars.WriteNar(path, output.Stream);
        return 0;
    }

    /// <exception cref="UsageException">A person would see the bytes.</exception>
    public static void NotForTerminals()
    {
        if (Terminal.IsOutputTerminal)
        {
            throw new UsageException("refusing to write NAR to a terminal");
        }
    }
}

/// <summary><c>nix nar pack</c>: writes the archive of a path to standard output.</summary>
internal sealed class NarPackCommand : Command
{
    private string _path = "";

    public override string Summary => "serialise a path to stdout in NAR format";

    public override string Examples => """
        # The archive that a store would hash:
        $ nix nar pack ./dir > dir.nar
        """;

    public override void Declare(Grammar grammar) => grammar.Position("path", v => _path = v);

    public override int Run(Session session, Output output)
    {
        StoreDumpPathCommand.NotForTerminals();
        TreeDumper.WriteNar(_path, output.Stream);
        return 0;
    }
}
