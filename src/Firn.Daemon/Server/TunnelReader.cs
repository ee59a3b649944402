using Firn.Daemon.Wire;

namespace Firn.Daemon.Server;

/// <summary>A stream that clients of the versions 1.21 and 1.22 send piece by piece, each when they are asked for it.</summary>
internal sealed class TunnelReader(ServerConnection connection) : ForwardStream
{
    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        connection.Writer.Write(LogMessage.Read);
        connection.Writer.Write((ulong)buffer.Length);
        connection.Writer.Flush();
        _ = connection.Reader.IsAtEnd();
        var bytes = connection.Reader.ReadBytes(buffer.Length);
        bytes.CopyTo(buffer);
        return bytes.Length > 0 ? bytes.Length : throw DaemonException.Protocol("unexpected end-of-file");
    }
}
