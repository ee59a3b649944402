namespace Firn.Daemon.Wire;

/// <summary>The numbers by which both sides of the worker protocol know each other.</summary>
internal static class WorkerProtocol
{
    public const ulong ClientMagic = 0x6e697863;
    public const ulong ServerMagic = 0x6478696f;

    public static ProtocolVersion Latest { get; } = new(1, 38);

    /// <summary>The oldest client that is served.</summary>
    public static ProtocolVersion OldestClient { get; } = new(1, 18);

    /// <summary>The oldest daemon that is spoken to.</summary>
    public static ProtocolVersion OldestServer { get; } = new(1, 23);

    public static ProtocolVersion WithFramedNars { get; } = new(1, 23);

    public static ProtocolVersion WithFramedContent { get; } = new(1, 25);

    public static ProtocolVersion WithErrors { get; } = new(1, 26);

    public static ProtocolVersion WithSubstitution { get; } = new(1, 27);

    public static ProtocolVersion WithRealisations { get; } = new(1, 31);

    public static ProtocolVersion WithManyObjects { get; } = new(1, 32);

    public static ProtocolVersion WithDaemonVersion { get; } = new(1, 33);

    public static ProtocolVersion WithResults { get; } = new(1, 34);

    public static ProtocolVersion WithTrust { get; } = new(1, 35);

    public static ProtocolVersion WithFeatures { get; } = new(1, 38);

    /// <summary>Activities are told as such; older versions get their texts.</summary>
    public static ProtocolVersion WithActivities { get; } = new(1, 20);

    public static ProtocolVersion WithTunnelledNars { get; } = new(1, 21);

    public static ProtocolVersion WithAddressedSubstitutes { get; } = new(1, 22);
}
