using System.Text;
using System.Text.Json;
using Firn.Archive.Compression;
using Firn.Archive.Tarballs;
using Firn.Building.Remote;
using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Flakes.Registries;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.Signing;
using Firn.Model.Text.Json;
using Firn.Model.Text.Toml;

namespace Firn.Fuzz.Targets;

/// <summary>Calls each reader of bytes that come from outside, as its callers do.</summary>
internal static class Readers
{
    // What is compressed may be very much: its readers are streams, of which one stops at what it has room for.
    private const int Enough = 4 * 1024 * 1024;

    public static void Archive(byte[] input) => Unpacker.Unpack(ArchiveReader.Read(new MemoryStream(input)), new CheckedTree());

    public static void Deb(byte[] input) => Unpacker.Unpack(DebReader.Read(new MemoryStream(input)), new CheckedTree());

    public static void Compressed(byte[] input)
    {
        // Brotli is recognised by nothing: it is what the others are not.
        using var recognised = CompressedStream.OpenRecognised(new MemoryStream(input), out var method);
        using var plain = method == CompressionMethod.None ? CompressedStream.OpenRead(new MemoryStream(input), CompressionMethod.Brotli) : recognised;
        try
        {
            Drain(plain);
        }
        catch (InvalidDataException e)
        {
            // The one error that those who read compressed streams expect.
            Assert.NotEmpty(e.Message);
        }
    }

    public static void Json(byte[] input)
    {
        var reader = new JsonReader(input);
        // Each token takes at least one byte of the text.
        for (var tokens = 0; reader.Next() != JsonToken.End; tokens++)
        {
            Assert.InRange(tokens, 0, input.Length);
        }
    }

    public static void JsonDerivation(byte[] input) => DerivationJsonReader.Read(input);

    public static void Toml(byte[] input) => TomlReader.Read(input);

    public static void Realisation(byte[] input)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(input);
        }
        catch (JsonException)
        {
            return;
        }

        using (document)
        {
            RealisationJson.Read(document.RootElement);
        }
    }

    public static void Keys(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        PublicKey.Parse(text).IsSignatureOf("text"u8, text);
    }

    public static void Netrc(byte[] input) => Transfers.Netrc.Parse(Encoding.UTF8.GetString(input)).Find("example.org");

    public static void Machines(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var machine in MachineText.Parse(text, "x86_64-linux", file => file.Length % 2 == 0 ? text : null))
        {
            Assert.NotEmpty(machine.Systems);
            Assert.True(machine is { SpeedFactor: > 0, MaxJobs: >= 0 });
        }
    }

    public static void AwsCredentials(byte[] input) => Transfers.S3.AwsCredentials.Parse(Encoding.UTF8.GetString(input), "default");

    public static void FlakeFile(byte[] input) =>
        FlakeFileReader.Read(input, "/flake/flake.nix", null, "path:/flake", InputPath.Top, new InputForms(new FetchSettings()));

    public static void LockFile(byte[] input)
    {
        var forms = new InputForms(new FetchSettings());
        var read = LockFileJson.Read(Encoding.UTF8.GetString(input), "flake.lock", forms, NoMessageLog.Instance);
        // What was understood can be written, and that says the same.
        var written = LockFileJson.Write(read);
        Assert.Equal(written, LockFileJson.Write(LockFileJson.Read(written, "flake.lock", forms, NoMessageLog.Instance)));
    }

    public static void Registry(byte[] input) =>
        FlakeRegistry.Read(RegistryKind.Global, Encoding.UTF8.GetString(input), "registry.json", new InputForms(new FetchSettings()), NoMessageLog.Instance).ToJson();

    public static void FlakeReference(byte[] input)
    {
        var forms = new InputForms(new FetchSettings());
        var (reference, _) = Flakes.References.FlakeReference.ParseWithFragment(Encoding.UTF8.GetString(input), forms);
        // What is written down in a lock file can be read again.
        Flakes.References.FlakeReference.FromAttributes(reference.ToAttributes(), forms);
    }

    private static void Drain(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        for (var total = 0; total < Enough && stream.Read(buffer) is > 0 and var count;)
        {
            total += count;
        }
    }

    /// <summary>Looks whether all that an archive makes lies inside, below folders that it has made.</summary>
    private sealed class CheckedTree : IUnpackTarget
    {
        private readonly HashSet<string> _folders = [""];
        private readonly HashSet<string> _others = [];

        public void AddDirectory(string path) => Add(path, _folders);

        public void AddFile(string path, bool isExecutable, Stream content)
        {
            Add(path, _others);
            Drain(content);
        }

        public void AddSymlink(string path, string target) => Add(path, _others);

        public void AddCopy(string path, string of)
        {
            Assert.Contains(of, _others);
            Add(path, _others);
        }

        public void Remove(string path) => Assert.True(_others.Remove(path));

        private void Add(string path, HashSet<string> kind)
        {
            Assert.DoesNotContain(path.Split('/'), part => part is "" or "." or "..");
            Assert.DoesNotContain('\0', path);
            Assert.Contains(Path.GetDirectoryName(path)!, _folders);
            Assert.DoesNotContain(path, _folders);
            Assert.True(kind.Add(path));
        }
    }
}
