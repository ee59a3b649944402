namespace Firn.Archive.Nars;

/// <summary>A stream that lends the bytes that it holds, which spares who only looks at them a copy.</summary>
public interface ILendingStream
{
    /// <summary>Lends the next bytes, at most <paramref name="max"/>, until something else is read; none at the end.</summary>
    ReadOnlySpan<byte> Lend(long max);
}
