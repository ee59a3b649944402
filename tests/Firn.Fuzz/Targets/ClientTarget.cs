using Firn.Daemon.Client;
using Firn.Daemon.Server;
using Firn.Daemon.Wire;
using Firn.Model.StorePaths;

namespace Firn.Fuzz.Targets;

/// <summary>A daemon that lies: whatever it answers, its client has an answer or an error of ours.</summary>
internal static class ClientTarget
{
    private static readonly StorePath _path = StorePath.Parse("7rjj86a2146xywzzvy9ipnpdbw1h0ijz-some");

    public static void Check(byte[] input)
    {
        var question = input.Length > 0 ? input[0] : (byte)0;
        using var store = new DaemonStore(
            new Canned([.. Greeting(), .. input.AsSpan(Math.Min(1, input.Length))]), new DaemonTerms(StoreDirectory.Default, HasFilesHere: false, new TunnelLog(() => { }), Options: null));
        switch (question % 8)
        {
            case 0:
                store.Find(_path);
                break;
            case 1:
                _ = store.ListAll().Count();
                break;
            case 2:
                store.FindOutputs(_path);
                break;
            case 3:
                store.WriteNar(_path, Stream.Null);
                break;
            case 4:
                store.Read(_path);
                break;
            case 5:
                store.FindByDigest(_path.Digest);
                break;
            case 6:
                _ = store.ListRoots().Count();
                break;
            default:
                store.FindValid([_path], substitutes: true);
                break;
        }
    }

    private static byte[] Greeting()
    {
        using var bytes = new MemoryStream();
        var writer = new WireWriter(bytes, StoreDirectory.Default);
        writer.Write(0x6478696fUL);
        writer.Write(new ProtocolVersion(1, 32).ToWire());
        writer.Write(0x616c7473UL);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>A way to nobody, from whom bytes come that were there before.</summary>
    private sealed class Canned(byte[] answer) : IDaemonChannel
    {
        public string Uri => "canned";

        public (Stream Input, Stream Output, IDisposable Owned) Open() => (new MemoryStream(answer), Stream.Null, Stream.Null);

        public void Dispose() { }
    }
}
