using Firn.Cli.Parsing;
using Firn.Cli.Commands.Hashing;
using Firn.Model.ContentAddresses;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Sessions;
using Firn.Store.Contents;

namespace Firn.Cli.Legacy.NixStore;

/// <summary><c>nix-store --add</c>: copies files and trees to the store.</summary>
internal sealed class AddCommand : NixStoreCommand
{
    public override string Summary => "add paths to the Nix store";

    protected override int Execute(Session session, Output output)
    {
        foreach (var argument in Arguments)
        {
            var path = session.Store.Contents.AddFromDisk(NameOf(argument), argument, ContentOptions.Default);
            output.Line(session.StoreDirectory.Absolute(path));
        }

        return 0;
    }

    /// <summary>The name that an object gets from the file it is made of.</summary>
    public static string NameOf(string file) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(file)));
}

/// <summary><c>nix-store --add-fixed</c>: copies files and trees to where a fixed-output derivation would put them.</summary>
internal sealed class AddFixedCommand : NixStoreCommand
{
    private ContentAddressMethod _method = ContentAddressMethod.Flat;

    public override string Summary => "add paths to the Nix store by a hash of a given algorithm";

    public override string Examples => """
        # Provide a file that fetchurl could not fetch:
        $ nix-store --add-fixed sha256 ./hello-2.12.tar.gz
        """;

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("recursive", "Hash the archive of the path, not the bytes of the file.", () => _method = ContentAddressMethod.NixArchive);

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var algorithm, .. var files])
        {
            throw new UsageException("first argument must be hash algorithm");
        }

        var options = ContentOptions.Default with { Method = _method, Algorithm = HashOptions.Algorithm(algorithm) };
        foreach (var file in files)
        {
            output.Line(session.StoreDirectory.Absolute(session.Store.Contents.AddFromDisk(AddCommand.NameOf(file), file, options)));
        }

        return 0;
    }
}

/// <summary><c>nix-store --print-fixed-path</c>: prints where <c>--add-fixed</c> would put a file, given its hash.</summary>
internal sealed class PrintFixedPathCommand : NixStoreCommand
{
    private ContentAddressMethod _method = ContentAddressMethod.Flat;

    public override string Summary => "print the path of a fixed-output derivation's output";

    protected override void DeclareOptions(Grammar grammar) =>
        grammar.Flag("recursive", "The hash is of the archive of the path, not of the bytes of the file.", () => _method = ContentAddressMethod.NixArchive);

    protected override int Execute(Session session, Output output)
    {
        if (Arguments is not [var algorithm, var hash, var name])
        {
            throw new UsageException("'--print-fixed-path' requires three arguments", "They are the hash algorithm, the hash and the name.");
        }

        var address = new ContentAddress(_method, Hash.Parse(hash, HashOptions.Algorithm(algorithm)));
        output.Line(session.StoreDirectory.Absolute(session.StoreDirectory.MakeContentAddressed(name, address, [])));
        return 0;
    }
}
