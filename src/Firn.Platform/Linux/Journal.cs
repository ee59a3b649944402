using System.Net.Sockets;
using System.Text;

namespace Firn.Platform.Linux;

/// <summary>How much a journal entry matters, as syslog counts.</summary>
public enum JournalPriority
{
    Error = 3,
    Warning = 4,
    Info = 6,
}

/// <summary>Writes to the system's journal, in its own protocol.</summary>
/// <param name="socket">Where it listens.</param>
public sealed class Journal(string socket = Journal.DefaultSocket)
{
    /// <summary>Where systemd's journal listens.</summary>
    public const string DefaultSocket = "/run/systemd/journal/socket";

    /// <summary>Sends an entry; false when there is no journal.</summary>
    /// <param name="priority">How much it matters.</param>
    /// <param name="message">The text.</param>
    /// <param name="fields">What else is to be found by; names are capitals and underscores.</param>
    public bool TryWrite(JournalPriority priority, string message, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        using var entry = new MemoryStream();
        Add(entry, "MESSAGE", message);
        Add(entry, "PRIORITY", ((int)priority).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(entry, "SYSLOG_IDENTIFIER", "firn");
        foreach (var (name, value) in fields)
        {
            Add(entry, name, value);
        }

        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            connection.Send(entry.GetBuffer().AsSpan(0, (int)entry.Length));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A value with a newline has its length in front.
    private static void Add(MemoryStream entry, string name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        entry.Write(Encoding.ASCII.GetBytes(name));
        if (bytes.Contains((byte)'\n'))
        {
            entry.WriteByte((byte)'\n');
            entry.Write(BitConverter.GetBytes((long)bytes.Length));
        }
        else
        {
            entry.WriteByte((byte)'=');
        }

        entry.Write(bytes);
        entry.WriteByte((byte)'\n');
    }
}
