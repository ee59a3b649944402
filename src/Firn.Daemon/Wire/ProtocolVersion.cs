namespace Firn.Daemon.Wire;

/// <summary>The version of a protocol; on the wire one number, the major part above the lowest byte.</summary>
public readonly record struct ProtocolVersion(int Major, int Minor) : IComparable<ProtocolVersion>
{
    public static ProtocolVersion FromWire(ulong number) => new((int)((number >> 8) & 0xff), (int)(number & 0xff));

    public ulong ToWire() => ((ulong)Major << 8) | (uint)Minor;

    public int CompareTo(ProtocolVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public static ProtocolVersion Lower(ProtocolVersion a, ProtocolVersion b) => a < b ? a : b;

    public override string ToString() => $"{Major}.{Minor}";

    public static bool operator <(ProtocolVersion a, ProtocolVersion b) => a.CompareTo(b) < 0;

    public static bool operator >(ProtocolVersion a, ProtocolVersion b) => a.CompareTo(b) > 0;

    public static bool operator <=(ProtocolVersion a, ProtocolVersion b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ProtocolVersion a, ProtocolVersion b) => a.CompareTo(b) >= 0;
}
