using Firn.Sessions;
using Firn.Store.Exporting;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --export</c>: writes objects so that another store can import them.</summary>
internal sealed class ExportCommand : NixStoreCommand
{
    public override string Summary => "export store paths to a Nix archive";

    public override string Examples => """
        # Copy a closure to a machine without asking what it has:
        $ nix-store --export $(nix-store -qR ./result) | ssh other nix-store --import
        """;

    protected override int Execute(Session session, Output output)
    {
        Exporter.Export(Paths(session), session.Store.Infos, session.Store.Nars, session.StoreDirectory, output.Stream);
        return 0;
    }
}

/// <summary><c>nix-store --import</c>: takes the objects that <c>--export</c> wrote.</summary>
internal sealed class ImportCommand : NixStoreCommand
{
    public override string Summary => "import Nix archive into the store";

    protected override int Execute(Session session, Output output)
    {
        ExpectNoArguments();
        using var input = new BufferedStream(Console.OpenStandardInput(), 65536);
        foreach (var path in Importer.Import(input, session.Store.NarSink, session.StoreDirectory))
        {
            output.Line(session.StoreDirectory.Absolute(path));
        }

        return 0;
    }
}
