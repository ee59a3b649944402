using Firn.Daemon.Serving;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Store;

namespace Firn.Fuzz.Targets;

/// <summary>The older protocol: whatever a client of <c>nix-store --serve</c> sends, it is answered, refused, or ended with an error of ours.</summary>
internal sealed class ServeTarget : IFuzzTarget
{
    private readonly ReaderTarget _reader = new("serve", Serve);

    public string Name => _reader.Name;

    public void Check(byte[] input) => _reader.Check(input);

    private static void Serve(byte[] input)
    {
        using var greeting = new MemoryStream();
        var writer = new WireWriter(greeting, StoreDirectory.Default);
        writer.Write(0x390c9debUL);
        writer.Write(new ProtocolVersion(2, 3 + (input.Length % 6)).ToWire());
        writer.Flush();
        using var stream = new MemoryStream([.. greeting.ToArray(), .. input]);
        new ServeServer(stream, Stream.Null, StoreDirectory.Default, new Nothing(), mayWrite: true).Run(CancellationToken.None);
    }

    /// <summary>A store that cannot do anything.</summary>
    private sealed class Nothing : IServeHost
    {
        public StoreParts Store { get; } = new("nothing", StoreDirectory.Default);

        public void Configure(ServeOptions options) { }

        public void Import(Stream export) => export.CopyTo(Stream.Null);

        public (BuildStatus Status, Diagnostic Failure)? TryBuildAll(IReadOnlyList<DerivedPath> wanted, CancellationToken cancellation) => null;
    }
}
