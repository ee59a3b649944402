namespace Firn.Building.Outputs;

/// <summary>Writes everything to two streams.</summary>
internal sealed class TeeStream(Stream first, Stream second) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        first.Write(buffer);
        second.Write(buffer);
    }
}
