using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Store;
using Firn.Store.Substituting;

namespace Firn.Fuzz.Targets;

/// <summary>The daemon: whatever a client sends, its process answers, refuses, or ends; with an error of ours, and within its memory.</summary>
internal sealed class WireTarget : IFuzzTarget
{
    private const int MaxMemory = 256 * 1024 * 1024;

    public string Name => "wire";

    public void Check(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            // A greeting comes first, or else most inputs would end there.
            using var stream = new MemoryStream([.. Greeting(input.Length > 0 ? input[0] : (byte)38), .. input]);
            new DaemonServer(stream, Stream.Null, new TunnelLog(() => { }), StoreDirectory.Default, new Nothing(), isTrusted: input.Length % 2 == 0)
                .Run(CancellationToken.None);
        }
        catch (FirnException e)
        {
            Assert.NotEmpty(e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxMemory);
    }

    private static byte[] Greeting(byte minor)
    {
        using var bytes = new MemoryStream();
        var writer = new WireWriter(bytes, StoreDirectory.Default);
        writer.Write(0x6e697863UL);
        writer.Write(new ProtocolVersion(1, 18 + (minor % 24)).ToWire());
        if (18 + (minor % 24) >= 38)
        {
            writer.Write(0UL);
        }

        writer.Write(0UL);
        writer.Write(0UL);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>A store that cannot do anything.</summary>
    private sealed class Nothing : IDaemonHost
    {
        public StoreParts Store { get; } = new("nothing", StoreDirectory.Default);

        public IReadOnlyList<ISubstituter> Substituters => [];

        public string Version => "2.34.8";

        public bool? StoreTrustsUs => true;

        public void Configure(Daemon.ClientOptions options, bool isTrusted) { }

        public bool IsSigned(Realisation realisation) => false;

        public void BuildAll(IReadOnlyList<DerivedPath> wanted, BuildMode mode, CancellationToken cancellation) { }
    }
}
