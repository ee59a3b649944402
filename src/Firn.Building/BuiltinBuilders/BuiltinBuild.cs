using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Building.BuiltinBuilders;

/// <summary>One run of a builder that is part of this program.</summary>
public sealed record BuiltinBuild
{
    public required Derivation Derivation { get; init; }

    /// <summary>The directory that store paths are spelled with.</summary>
    public required StoreDirectory Directory { get; init; }

    /// <summary>Where to make each output on this machine's disk.</summary>
    public required IReadOnlyDictionary<string, string> Outputs { get; init; }

    /// <summary>Maps a path in the store to this machine's disk.</summary>
    public required Func<string, string> RealPath { get; init; }

    /// <summary>The certificates of the authorities to trust; null for the usual ones.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The file with logins for servers, or null.</summary>
    public string? NetrcFile { get; init; }

    /// <summary>Looks up an environment variable of the process that builds: some say who asks an S3 server.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>Servers that have files under the names of their hashes.</summary>
    public IReadOnlyList<string> HashedMirrors { get; init; } = [];

    /// <summary>Whether files outside the store are read with no more rights than everybody has, as the build users that
    /// programs run as would read them.</summary>
    public bool ReadsAsStranger { get; init; }

    /// <summary>What a program in this one's place would see of the machine's disk; null for all.</summary>
    public IReadOnlyList<string>? VisiblePaths { get; init; }

    /// <summary>Prints a line of the log.</summary>
    public required Action<string> Print { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>Returns an attribute.</summary>
    /// <exception cref="BuildException">It is not there.</exception>
    public string Attribute(string name) => FindAttribute(name) ?? throw Failed($"attribute '{name}' missing");

    /// <summary>Returns an attribute, or null.</summary>
    public string? FindAttribute(string name) => Derivation.FindEnvironment(System.Text.Encoding.UTF8.GetBytes(name))?.ToString();

    /// <summary>Where to make the output.</summary>
    public string Output => Outputs.GetValueOrDefault(OutputName.Default) ?? throw Failed($"'{Derivation.Builder}' requires an 'out' output");

    /// <summary>Opens a file that the derivation names.</summary>
    /// <exception cref="SystemCallException">There is none, or not everybody may read it.</exception>
    public FileHandle OpenFile(string path) => Open(RealPath(path), FileHandle.OpenRegular, file => file.Descriptor);

    /// <summary>Opens a file that the derivation names, if a program in a sandbox would see it.</summary>
    /// <exception cref="SystemCallException">There is none, or not everybody may read it.</exception>
    public FileHandle? TryOpenVisible(string path)
    {
        if (!IsVisible(RealPath(Path.GetFullPath(path))))
        {
            return null;
        }

        // Links lead to places that a program would not see either.
        var file = OpenFile(path);
        if (IsVisible(Place(file.Descriptor)))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Opens a folder that the derivation names, also behind a link.</summary>
    /// <exception cref="SystemCallException">There is none, or not everybody may look at it.</exception>
    public DirectoryHandle OpenFolder(string path) => Open(RealPath(path), DirectoryHandle.OpenFollowing, folder => folder.Descriptor);

    // A derivation may name any file, and this process may be the daemon, which may read all.
    private T Open<T>(string path, Func<string, T> open, Func<T, int> descriptorOf)
        where T : IDisposable
    {
        if (!ReadsAsStranger)
        {
            return open(path);
        }

        var opened = open(path);
        using var store = DirectoryHandle.OpenFollowing(RealPath(Directory.Path));
        if (Place(descriptorOf(opened)).StartsWith(Place(store.Descriptor) + "/", StringComparison.Ordinal))
        {
            return opened;
        }

        opened.Dispose();
        return StrangerAccess.Run(() => open(path));
    }

    private bool IsVisible(string path) =>
        VisiblePaths?.Any(p => FilePath.IsWithin(path, p)) ?? true;

    private static string Place(int descriptor) => SymbolicLink.Read($"/proc/self/fd/{descriptor}");

    /// <summary>Makes the error that ends the build.</summary>
    public static BuildException Failed(string message) => new(BuildStatus.PermanentFailure, message);
}

/// <summary>Finds the builders that are part of this program.</summary>
public static class BuiltinBuilderTable
{
    /// <summary>Returns the builder called <c>builtin:<paramref name="name"/></c>, or null.</summary>
    public static Action<BuiltinBuild>? Find(string name) => name switch
    {
        "fetchurl" => FetchUrlBuilder.Run,
        "buildenv" => BuildEnvironmentBuilder.Run,
        "unpack-channel" => UnpackChannelBuilder.Run,
        "unpack-deb" => UnpackDebBuilder.Run,
        _ => null,
    };
}
