using Firn.Archive;
using Firn.Cli.Commands;
using Firn.Cli.Parsing;
using Firn.Platform.Files;
using Firn.Sessions;

namespace Firn.Cli.Trees;

/// <summary><c>nix store cat</c>: prints a file of an object.</summary>
internal sealed class StoreCatCommand : Command
{
    private string _path = "";

    public override string Summary => "print the contents of a file in the Nix store on stdout";

    public override void Declare(Grammar grammar) => grammar.Position("path", v => _path = v);

    public override int Run(Session session, Output output)
    {
        StoreFiles.Copy(session, _path, output.Stream);
        return 0;
    }
}

/// <summary><c>nix nar cat</c>: prints a file of an archive.</summary>
internal sealed class NarCatCommand : Command
{
    private string _nar = "";
    private string _path = "";

    public override string Summary => "print the contents of a file inside a NAR file on stdout";

    public override void Declare(Grammar grammar) => grammar.Position("nar", v => _nar = v).Position("path", v => _path = v);

    public override int Run(Session session, Output output)
    {
        using var nar = new BufferedStream(FileHandle.OpenRead(_nar), 64 * 1024);
        return NarFileCopy.Run(nar, _path, output.Stream) == EntryKind.Regular
            ? 0
            : throw new CommandException($"NAR does not contain regular file '{_path}'");
    }
}
