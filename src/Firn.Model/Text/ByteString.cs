using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Firn.Model.Text;

/// <summary>Bytes that are text to the user but need not be UTF-8; compares and sorts by bytes, as Nix strings do.</summary>
public readonly struct ByteString(byte[] bytes) : IEquatable<ByteString>, IComparable<ByteString>
{
    private readonly byte[]? _bytes = bytes;

    public static ByteString Empty { get; } = new([]);

    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes themselves; not to be changed.</summary>
    public byte[] Bytes => _bytes ?? [];

    public int Length => _bytes?.Length ?? 0;

    public static ByteString Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ByteString other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public int CompareTo(ByteString other) => Span.SequenceCompareTo(other.Span);

    public override string ToString() => Encoding.UTF8.GetString(Span);

    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    public static bool operator <(ByteString left, ByteString right) => left.CompareTo(right) < 0;

    public static bool operator <=(ByteString left, ByteString right) => left.CompareTo(right) <= 0;

    public static bool operator >(ByteString left, ByteString right) => left.CompareTo(right) > 0;

    public static bool operator >=(ByteString left, ByteString right) => left.CompareTo(right) >= 0;
}
